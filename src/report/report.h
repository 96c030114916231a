#ifndef MIGRALINT_REPORT_REPORT_H
#define MIGRALINT_REPORT_REPORT_H

/*
 * Findings, projects and rules as text. One format per file; every function
 * appends to a buffer and cannot fail. Nothing that comes from the analysed
 * files reaches a terminal as anything but visible text, and JSON is valid
 * UTF-8 whatever bytes names and paths hold.
 */

#include "graph/compare.h"
#include "rules/engine.h"

typedef struct Report {
    const Workspace *workspace;
    const Graph *graphs; /* one per project, in project order */
    const Findings *findings;
    Severity fail_on;      /* findings from it on make the check fail; SEVERITY_OFF: none does */
    Severity level;        /* findings below it are counted, not shown */
    Str path_prefix;       /* put before paths by formats for people: "backend/" or empty */
    Str repository_prefix; /* the same by formats for other programs: from the repository's top */
    bool color, statistics;
    bool show_suppressed; /* json and sarif list what is hidden, too */
    Str baseline;         /* its file, as findings name it; empty: there is none */
    double seconds;       /* negative: not said */
    Str chart;            /* what a branch changes, for Mermaid; empty: nothing */
    bool no_chart;        /* it would be too large */
} Report;

#define FORMAT(name) void report_##name(const Report *report, StrBuf *out);
#include "report/formats.def"
#undef FORMAT
/* What a chart may have at most: others take no more than 65,536 characters of a comment. */
enum { REPORT_CHART_BYTES = 16000 };
typedef void ReportWriter(const Report *report, StrBuf *out);
/* The one of that name, or NULL. */
ReportWriter *report_writer(Str format);

/* "Found 2 errors, 1 warning …" and, if asked for, the table of counts by rule. */
void report_summary(const Report *report, StrBuf *out);

/* How many of what there is, for summaries: own apps with migrations and their migrations. */
typedef struct Totals {
    uint32_t projects, apps, migrations, files;
} Totals;
Totals report_totals(const Workspace *workspace);

/* `apps`: labels to look at; none: all. */
typedef struct View {
    const Workspace *workspace;
    const Graph *graphs;
    const Str *apps;
    uint32_t app_count;
    const Comparisons *comparisons; /* with a base, for graph_json(); NULL */
} View;

void status_text(const View *view, StrBuf *out);
void status_json(const View *view, StrBuf *out);
void plan_text(const View *view, StrBuf *out);
void plan_json(const View *view, StrBuf *out);
void graph_json(const View *view, StrBuf *out);

void facts_text(const Module *module, Str text, const Interner *interner, StrBuf *out);
void facts_json(const Module *module, Str text, const Interner *interner, StrBuf *out);

void rules_text(const RuleSet *rules, StrBuf *out);
void rules_json(const RuleSet *rules, StrBuf *out);
void rules_markdown(const RuleSet *rules, StrBuf *out);
void explain_text(const Rule *rule, StrBuf *out);
void explain_markdown(const Rule *rule, StrBuf *out);
void explain_json(const Rule *rule, StrBuf *out);
void examples_text(const ExampleReport *examples, StrBuf *out);

#endif
