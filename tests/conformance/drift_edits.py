"""Random edits of models.py files: each changes one thing in one class.

Edits are made on the source text, at places that Python's own parser finds. Whether the result can be
imported is for a real Django to say.
"""

import ast
from dataclasses import dataclass

OTHER_TYPE = {
    "CharField": "TextField", "TextField": "BinaryField", "BooleanField": "IntegerField",
    "IntegerField": "BigIntegerField", "PositiveIntegerField": "IntegerField",
    "SmallIntegerField": "IntegerField", "BigIntegerField": "IntegerField", "DateTimeField": "DateField",
    "DateField": "DateTimeField", "EmailField": "CharField", "SlugField": "CharField",
    "URLField": "CharField", "FloatField": "IntegerField", "ForeignKey": "OneToOneField",
    "OneToOneField": "ForeignKey", "JSONField": "TextField", "DecimalField": "FloatField",
    "PositiveSmallIntegerField": "SmallIntegerField", "UUIDField": "TextField",
}  # fmt: skip
KEYWORDS = {"help_text": "'edited'", "verbose_name": "'edited'", "blank": None, "null": None,
            "db_column": "'edited'", "editable": None, "db_index": None}
STAMP = """

class EditedStamp%s(models.Model):
    edited_stamp = models.IntegerField(null=True)

    class Meta:
        abstract = True


"""


@dataclass(frozen=True)
class Edit:
    """Replaces the text between two offsets of a file; `model` is the class it is made in."""

    path: str
    model: str
    kind: str
    start: int
    end: int
    text: str

    def apply(self, source):
        return source[: self.start] + self.text + source[self.end :]


class File:
    def __init__(self, path, source):
        self.path, self.source = path, source
        self.lines = [0]
        for line in source.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    def span(self, node):
        """Offsets; columns are of bytes, so files that are not ASCII are left alone."""
        return (self.lines[node.lineno - 1] + node.col_offset,
                self.lines[node.end_lineno - 1] + node.end_col_offset)

    def edit(self, model, kind, start, end, text):
        return Edit(self.path, model, kind, start, end, text)


def is_models_call(node):
    return (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name) and node.func.value.id == "models")


def fields_of(cls):
    for node in cls.body:
        if (isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
                and is_models_call(node.value) and (node.value.func.attr.endswith("Field")
                                                    or node.value.func.attr == "ForeignKey")):
            yield node


def keyword_edits(file, cls, field):
    call = field.value
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    start, end = file.span(call)
    key = isinstance(given.get("primary_key"), ast.Constant)
    for name, text in KEYWORDS.items():
        if call.func.attr == "ManyToManyField" and name in ("null", "db_index", "db_column"):
            continue
        value = given.get(name)
        if text is None:
            text = "False" if isinstance(value, ast.Constant) and value.value is True else "True"
        if value is None and not (name == "verbose_name" and call.args) and not key:
            before = file.source[:end - 1].rstrip()
            comma = "" if before.endswith((",", "(")) else ", "
            yield file.edit(cls.name, "keyword", end - 1, end - 1, "%s%s=%s" % (comma, name, text))
        elif isinstance(value, ast.Constant):
            yield file.edit(cls.name, "keyword", *file.span(value), text)
    for name in ("max_length", "max_digits"):
        if isinstance(given.get(name), ast.Constant):
            yield file.edit(cls.name, "keyword", *file.span(given[name]), str(given[name].value + 1))
    if isinstance(given.get("on_delete"), ast.Attribute):
        other = "models.PROTECT" if given["on_delete"].attr == "CASCADE" else "models.CASCADE"
        yield file.edit(cls.name, "keyword", *file.span(given["on_delete"]), other)


def field_edits(file, cls, field):
    start, end = file.span(field)
    indent = " " * field.col_offset
    yield file.edit(cls.name, "remove field", start, end, "pass")
    yield file.edit(cls.name, "add field", end, end, "\n%sedited_field = models.IntegerField(null=True)" % indent)
    yield file.edit(cls.name, "rename field", *file.span(field.targets[0]), field.targets[0].id + "_edited")
    other = OTHER_TYPE.get(field.value.func.attr)
    if other:
        place = file.span(field.value.func)
        yield file.edit(cls.name, "retype field", *place, "models." + other)
    yield from keyword_edits(file, cls, field)


def meta_edits(file, cls, fields):
    metas = [node for node in cls.body if isinstance(node, ast.ClassDef) and node.name == "Meta"]
    plain = [field.targets[0].id for field in fields if field.value.func.attr in OTHER_TYPE]
    if not metas or not plain:
        return
    (meta,) = metas
    names = {node.targets[0].id: node for node in meta.body
             if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)}
    abstract = "abstract" in names
    first = meta.body[0]
    at, _ = file.span(first)
    indent = " " * first.col_offset
    options = {"verbose_name": "'edited'", "ordering": "['-%s']" % plain[0], "default_permissions": "('add',)",
               "get_latest_by": "'%s'" % plain[0]}
    if not abstract:
        options.update({"db_table": "'edited'", "unique_together": "[('%s',)]" % plain[0],
                        "indexes": "[models.Index(fields=['%s'], name='edited_%s')]" % (plain[0], cls.name.lower()[:20]),
                        "constraints": "[models.UniqueConstraint(fields=['%s'], name='edited_%s')]"
                                       % (plain[0], cls.name.lower()[:20])})
    for name, text in options.items():
        kind = "index" if name in ("indexes", "constraints") else "option"
        if name not in names:
            yield file.edit(cls.name, kind, at, at, "%s = %s\n%s" % (name, text, indent))
        elif name in ("verbose_name", "db_table", "ordering", "indexes", "constraints", "unique_together"):
            yield file.edit(cls.name, kind, *file.span(names[name].value), text)
            if len(meta.body) > 1:
                yield file.edit(cls.name, kind, *file.span(names[name]), "pass")


def base_edits(file, tree, cls):
    at, _ = file.span(cls)
    if cls.decorator_list:
        return
    bases = [base for base in cls.bases if isinstance(base, ast.Attribute) and base.attr == "Model"
             and isinstance(base.value, ast.Name) and base.value.id == "models"]
    if bases:
        start, end = file.span(bases[0])
        text = STAMP % cls.name + file.source[at:start] + "EditedStamp" + cls.name
        yield file.edit(cls.name, "base", at, end, text.lstrip("\n"))
    yield file.edit(cls.name, "add model", at, at,
                    "class Edited%s(models.Model):\n    name = models.TextField()\n\n\n" % cls.name)


def edits_of(path, source):
    """Every edit that could be made, by class: single ones, each on the original text."""
    if not source.isascii() or "models." not in source:
        return {}
    file, tree, found = File(path, source), ast.parse(source), {}
    for cls in tree.body:
        if not isinstance(cls, ast.ClassDef):
            continue
        fields = list(fields_of(cls))
        if not fields:
            continue
        made = [edit for field in fields for edit in field_edits(file, cls, field)]
        made += [*meta_edits(file, cls, fields), *base_edits(file, tree, cls)]
        found[cls.name] = [edit for edit in made if compiles(edit.apply(source))]
    return found


def compiles(source):
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True
