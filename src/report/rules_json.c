#include "report/json_util.h"
#include "report/report.h"

static json_t *links_of(const Rule *rule)
{
    json_t *links = json_array();
    for (uint32_t i = 0; i < rule->link_count; i++)
        json_array_append_new(links, json_text(rule->links[i]));
    return links;
}

static json_t *examples_of(const Rule *rule)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < rule->example_count; i++) {
        const Example *example = &rule->examples[i];
        json_t *object = json_object(), *files = json_object();
        for (uint32_t f = 0; f < example->file_count; f++) {
            Str path = example->files[f].path;
            if (str_is_utf8(path, NULL))
                json_object_setn_new_nocheck(files, path.ptr ? path.ptr : "", path.len,
                                             json_text(example->files[f].text));
        }
        json_object_set_new(object, "bad", json_boolean(example->bad));
        json_object_set_new(object, "name", json_text_or_null(example->name));
        json_object_set_new(object, "shown", json_text_or_null(example->shown));
        json_object_set_new(object, "files", files);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *rule_object(const Rule *rule, bool examples)
{
    json_t *object = json_object();
    json_object_set_new(object, "code", json_text(rule->code));
    json_object_set_new(object, "name", json_text(rule->name));
    json_object_set_new(object, "category", json_text(rule->category));
    json_object_set_new(object, "severity", json_string(severity_name(rule->severity)));
    json_object_set_new(object, "opt_in", json_boolean(rule->opt_in));
    json_object_set_new(object, "since", json_text(rule->since));
    json_object_set_new(object, "summary", json_text(rule->summary));
    json_object_set_new(object, "why", json_text_or_null(rule->why));
    json_object_set_new(object, "fix", json_text_or_null(rule->fix));
    json_object_set_new(object, "links", links_of(rule));
    if (examples)
        json_object_set_new(object, "examples", examples_of(rule));
    return object;
}

void rules_json(const RuleSet *rules, StrBuf *out)
{
    json_t *document = json_object(), *list = json_array();
    for (uint32_t i = 0; i < rules->count; i++)
        json_array_append_new(list, rule_object(&rules->rules[i], false));
    json_object_set_new(document, "version", json_integer(JSON_SHAPE));
    json_object_set_new(document, "rules", list);
    json_write(document, out);
}

void explain_json(const Rule *rule, StrBuf *out)
{
    json_t *document = json_object();
    json_object_set_new(document, "version", json_integer(JSON_SHAPE));
    json_object_set_new(document, "rule", rule_object(rule, true));
    json_write(document, out);
}
