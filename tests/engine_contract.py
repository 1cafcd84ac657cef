"""What every engine must do, whatever keeps its index.

A test module of an engine subclasses `EngineContract` and says where an index goes. Answers are compared with
those of `engine_oracle.Oracle`, over articles that are made by hand and articles that Hypothesis makes up.

    contract_nodes       which articles each node of a query finds
    contract_forms       the same of characters, forms, headlines and values
    contract_names       names, which mean entities
    contract_scores      scores, order, explanations
    contract_results     pages, counts, marks
    contract_writing     batches, and what readers see of them
"""

from __future__ import annotations

from contract_base import ALL, assert_same, write_and_fail
from contract_forms import FormsContract
from contract_names import NamesContract
from contract_nodes import FindingContract
from contract_results import AnsweringContract
from contract_scores import ScoringContract
from contract_writing import WritingContract
from engine_articles import PEACE

__all__ = ["ALL", "PEACE", "EngineContract", "assert_same", "write_and_fail"]


class EngineContract(
    FindingContract, FormsContract, NamesContract, ScoringContract, AnsweringContract, WritingContract
):
    """Subclass it, and say where an index goes."""
