"""The geometry of what is drawn; templates only draw it."""
