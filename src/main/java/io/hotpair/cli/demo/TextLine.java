package io.hotpair.cli.demo;

/** A line of coloured text that knows how wide it looks. */
final class TextLine {
    /** Colours and weights of the terminal (ECMA-48 SGR parameters). */
    enum Style {
        PLAIN("0"),
        BOLD("1"),
        DIM("2"),
        RED("31"),
        GREEN("32"),
        YELLOW("33"),
        BLUE("34");

        private final String sgr;

        Style(String sgr) {
            this.sgr = sgr;
        }
    }

    private final StringBuilder text = new StringBuilder();
    private final boolean colours;
    private int width;

    TextLine(boolean colours) {
        this.colours = colours;
    }

    TextLine add(String part) {
        return add(part, Style.PLAIN);
    }

    TextLine add(String part, Style style) {
        width += part.length();
        if (colours && style != Style.PLAIN) {
            text.append("\033[").append(style.sgr).append('m').append(part).append("\033[0m");
        } else {
            text.append(part);
        }
        return this;
    }

    /** Fills with blanks up to a column. */
    TextLine to(int column) {
        return add(" ".repeat(Math.max(0, column - width)));
    }

    /** Appends another line. */
    TextLine add(TextLine other) {
        text.append(other.text);
        width += other.width;
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
