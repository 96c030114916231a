#ifndef MIGRALINT_RENDER_PAGE_H
#define MIGRALINT_RENDER_PAGE_H

/*
 * Private to render/: the data of the HTML report, which its scripts read. Numbers are indices in
 * the lists of the document, over all projects; texts are made visible as on a terminal.
 */

#include "render/render.h"
#include "report/json_util.h"

/* The text as it is shown. */
json_t *page_text(Str text);

/* "projects", "apps", "nodes" and "edges"; `no_picture`: why there is none, or empty. */
json_t *page_data(const Page *page, const char *no_picture);

/* Adds "findings" and "rules". `first_node`: by project, the index of its first node. */
void page_add_findings(const Page *page, const uint32_t *first_node, json_t *document);

/* Adds "lines" and "models", and to each of `nodes` what it does to which models. */
void page_add_models(const Page *page, const uint32_t *first_node, json_t *document, json_t *nodes);

#endif
