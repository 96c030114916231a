#ifndef MIGRALINT_RULES_TEMPLATE_H
#define MIGRALINT_RULES_TEMPLATE_H

/* Text with {placeholders}: "`{model}.{field}` is dropped". "{{" is a brace. */

#include "base/yaml.h"

typedef struct TemplatePart {
    Str name; /* of a placeholder: what stands before the colon; empty: literal text */
    Str text; /* the literal text, or what stands behind the colon */
} TemplatePart;

typedef struct Template {
    TemplatePart *parts;
    uint32_t count;
} Template;

/* Refuses placeholders other than `names`; "argument" must have ":name". */
bool template_read(const Yaml *yaml, const YamlNode *node, Str text, const char *const *names,
                   uint32_t count, Arena *arena, Template *out, Error *err);

/* What a placeholder stands for; empty: not known, and printed as "…". */
typedef Str (*TemplateValue)(const void *self, const TemplatePart *part, Arena *arena);
Str template_render(const Template *text, TemplateValue value, const void *self, Arena *arena);

#endif
