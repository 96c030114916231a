#include "report/sources.h"

enum {
    TAB_STOP = 4,
    SHOWN_COLUMNS = 110, /* of a source line */
    LEAD_COLUMNS = 30,   /* shown before the span where a long line is cut */
    LEAD_BYTES = LEAD_COLUMNS * 4,
};

typedef struct Line {
    Str text;      /* of the file */
    size_t start;  /* of the line */
    size_t end;    /* before its line end */
    size_t from;   /* first byte shown */
    size_t mark;   /* first byte underlined */
    size_t unmark; /* behind the last one */
} Line;

static Line line_at(Str text, Span span)
{
    Line line = {.text = text, .start = span.start, .end = span.start};
    if (line.start > text.len)
        line.start = line.end = text.len;
    while (line.start && text.ptr[line.start - 1] != '\n' && text.ptr[line.start - 1] != '\r')
        line.start--;
    while (line.end < text.len && text.ptr[line.end] != '\n' && text.ptr[line.end] != '\r')
        line.end++;
    if (!line.start && str_starts(text, S("\xef\xbb\xbf")) && span.start >= 3)
        line.start = 3;
    line.mark = span.start;
    line.unmark = span.end < line.end ? span.end : line.end;
    if (line.unmark < line.mark)
        line.unmark = line.mark;
    return line;
}

/* A span far to the right of a long line moves the window there. */
static void choose_window(Line *line)
{
    line->from = line->start;
    if (line->mark - line->start <= SHOWN_COLUMNS / 2)
        return;
    Str before = str_sub(line->text, line->start, line->unmark);
    if (before.len <= 4 * SHOWN_COLUMNS && visible_width(before) <= SHOWN_COLUMNS)
        return;
    size_t back = line->mark - line->start < LEAD_BYTES ? line->mark - line->start : LEAD_BYTES;
    line->from = line->mark - back;
    while (line->from < line->mark && ((unsigned char)line->text.ptr[line->from] & 0xc0) == 0x80)
        line->from++;
    Str lead = str_sub(line->text, line->from, line->mark);
    while (visible_width(lead) > LEAD_COLUMNS) {
        size_t step = glyph_next(lead).bytes;
        lead = str_sub(lead, step, lead.len);
        line->from += step;
    }
}

static void add_repeated(StrBuf *out, char byte, size_t count)
{
    while (count--)
        strbuf_byte(out, byte);
}

/* Writes the line to `shown` and what stands below it to `marks`. */
static void render(const Line *line, StrBuf *shown, StrBuf *marks)
{
    size_t column = 0;
    if (line->from > line->start) {
        strbuf_add(shown, S("…"));
        strbuf_byte(marks, ' ');
        column = 1;
    }
    for (size_t at = line->from; at < line->end;) {
        if (column >= SHOWN_COLUMNS) {
            strbuf_add(shown, S("…"));
            break;
        }
        Glyph glyph = glyph_next(str_sub(line->text, at, line->end));
        bool marked = at >= line->mark && at < line->unmark;
        if (line->text.ptr[at] == '\t') {
            glyph.width = TAB_STOP - column % TAB_STOP;
            add_repeated(shown, ' ', glyph.width);
        } else {
            strbuf_add(shown, str(glyph.shown));
        }
        if (at < line->unmark)
            add_repeated(marks, marked ? '^' : ' ', glyph.width);
        at += glyph.bytes;
        column += glyph.width;
    }
    if (line->mark == line->unmark) { /* an empty span, or one at the end of the line */
        while (marks->len < column && line->mark >= line->end)
            strbuf_byte(marks, ' ');
        strbuf_byte(marks, '^');
    }
}

static void add_gutter(StrBuf *out, uint32_t number, size_t gutter, bool color)
{
    style_add(out, color, STYLE_GUTTER);
    if (number)
        strbuf_printf(out, "%*u | ", (int)gutter, number);
    else
        strbuf_printf(out, "%*s | ", (int)gutter, "");
    style_add(out, color, STYLE_NONE);
}

static void end_line(StrBuf *out)
{
    while (out->len && out->ptr[out->len - 1] == ' ')
        out->ptr[--out->len] = '\0';
    strbuf_byte(out, '\n');
}

void excerpt_add(StrBuf *out, Sources *sources, Place place, Location location, size_t gutter,
                 bool color, Style underline)
{
    if (!place.span.end || !location.line || !place.path.len)
        return;
    Str text = sources_text(sources, place.path);
    if (place.span.start > text.len || !text.len)
        return;
    Line line = line_at(text, place.span);
    choose_window(&line);
    StrBuf shown = {0}, marks = {0};
    render(&line, &shown, &marks);
    add_gutter(out, 0, gutter, color);
    end_line(out);
    add_gutter(out, location.line, gutter, color);
    strbuf_add(out, strbuf_str(&shown));
    end_line(out);
    add_gutter(out, 0, gutter, color);
    style_add(out, color, underline);
    strbuf_add(out, strbuf_str(&marks));
    style_add(out, color, STYLE_NONE);
    end_line(out);
    strbuf_free(&shown);
    strbuf_free(&marks);
}
