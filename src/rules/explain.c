#include "rules/explain.h"

#include "rules/examples.h"

typedef struct Page {
    const Rule *rule;
    bool markdown;
    StrBuf text;
} Page;

static void heading(Page *page, int level, const char *text)
{
    if (page->markdown)
        strbuf_printf(&page->text, "%.*s %s\n\n", level, "####", text);
    else
        strbuf_printf(&page->text, "%s\n\n", text);
}

/* Paragraphs: as they are, or moved in by two columns. */
static void paragraphs(Page *page, Str text)
{
    while (text.len && text.ptr[text.len - 1] == '\n')
        text.len--;
    for (Str rest = text; rest.len;) {
        Str line = str_cut(&rest, '\n');
        strbuf_add(&page->text, page->markdown || !line.len ? S("") : S("  "));
        strbuf_add(&page->text, line);
        strbuf_byte(&page->text, '\n');
    }
    strbuf_byte(&page->text, '\n');
}

static void section(Page *page, const char *title, Str text)
{
    if (!text.len)
        return;
    heading(page, 2, title);
    paragraphs(page, text);
}

/* One line of code; "# expect" becomes the code of the rule. */
static void code_line(Page *page, Str line)
{
    size_t start;
    Str text;
    strbuf_add(&page->text, page->markdown || !line.len ? S("") : S("    "));
    if (example_marker(line, &start, &text)) {
        strbuf_add(&page->text, str_sub(line, 0, start));
        strbuf_printf(&page->text, "# %.*s%s%.*s", STR_ARG(page->rule->code), text.len ? ": " : "",
                      STR_ARG(text));
    } else {
        strbuf_add(&page->text, line);
    }
    strbuf_byte(&page->text, '\n');
}

static void code(Page *page, Str text, Str path)
{
    const char *language = str_ends(path, S(".py")) ? "python" : "text";
    if (page->markdown)
        strbuf_printf(&page->text, "```%s\n", language);
    for (Str rest = text; rest.len;)
        code_line(page, str_cut(&rest, '\n'));
    strbuf_add(&page->text, page->markdown ? S("```\n\n") : S("\n"));
}

static void file(Page *page, const MemoryFile *given)
{
    strbuf_printf(&page->text, page->markdown ? "`%.*s`" : "  %.*s", STR_ARG(given->path));
    strbuf_add(&page->text, given->text.len ? S(":\n\n") : S(" (empty)\n\n"));
    if (given->text.len)
        code(page, given->text, given->path);
}

static bool from_default(const MemoryFile *given)
{
    for (uint32_t i = 0; i < example_project_count; i++)
        if (str_eq(given->path, example_project[i].path) &&
            str_eq(given->text, example_project[i].text))
            return true;
    return str_eq(given->path, example_migration_path);
}

static void example(Page *page, const Example *given)
{
    if (given->name.len) {
        Str name = given->name;
        strbuf_printf(&page->text, page->markdown ? "%.*s:\n\n" : "  %.*s:\n\n", STR_ARG(name));
    }
    if (given->shown.len)
        code(page, given->shown, S("x.py"));
    for (uint32_t i = 0; i < given->file_count; i++)
        if (!given->shown.len || !from_default(&given->files[i]))
            file(page, &given->files[i]);
    for (uint32_t i = 0; i < given->expectation_count; i++)
        if (!given->expectations[i].line)
            strbuf_printf(&page->text, "%sReported: `%.*s`\n\n", page->markdown ? "" : "  ",
                          STR_ARG(given->expectations[i].path));
}

static void examples(Page *page, bool bad)
{
    heading(page, 2, bad ? "What it reports" : "What it leaves alone");
    for (uint32_t i = 0; i < page->rule->example_count; i++)
        if (page->rule->examples[i].bad == bad)
            example(page, &page->rule->examples[i]);
}

static void links(Page *page)
{
    if (!page->rule->link_count)
        return;
    heading(page, 2, "Links");
    for (uint32_t i = 0; i < page->rule->link_count; i++) {
        Str link = page->rule->links[i];
        strbuf_printf(&page->text, page->markdown ? "- <%.*s>\n" : "  %.*s\n", STR_ARG(link));
    }
    strbuf_byte(&page->text, '\n');
}

static void title(Page *page)
{
    const Rule *rule = page->rule;
    strbuf_printf(&page->text, "%s%.*s %.*s\n\n", page->markdown ? "# " : "", STR_ARG(rule->code),
                  STR_ARG(rule->name));
    paragraphs(page, rule->summary);
    strbuf_printf(&page->text, page->markdown ? "*%s · %.*s" : "  %s · %.*s",
                  severity_name(rule->severity), STR_ARG(rule->category));
    if (rule->since.len)
        strbuf_printf(&page->text, " · since %.*s", STR_ARG(rule->since));
    if (rule->opt_in)
        strbuf_add(&page->text, S(" · only when selected"));
    strbuf_add(&page->text, page->markdown ? S("*\n\n") : S("\n\n"));
}

static void reasons(Page *page)
{
    section(page, "Why", page->rule->why);
    section(page, "How to fix it", page->rule->fix);
}

static Str finished(Page *page, Arena *arena)
{
    while (page->text.len > 1 && page->text.ptr[page->text.len - 2] == '\n')
        page->text.len--;
    Str done = arena_str(arena, strbuf_str(&page->text));
    strbuf_free(&page->text);
    return done;
}

Str rule_explain(const Rule *rule, bool markdown, Arena *arena)
{
    Page page = {.rule = rule, .markdown = markdown};
    title(&page);
    reasons(&page);
    examples(&page, true);
    examples(&page, false);
    links(&page);
    return finished(&page, arena);
}

Str rule_help(const Rule *rule, bool markdown, Arena *arena)
{
    Page page = {.rule = rule, .markdown = markdown};
    reasons(&page);
    links(&page);
    return finished(&page, arena);
}
