import os, sys
A = [1, 0x1F, 0b1, 1_000, -3, 1.5e3, 2j]
if os.environ.get("X"):
    A.append("x")
elif A:
    A += ("y",)
else:
    raise ValueError
try:
    import json as j
except (ImportError, OSError) as e:
    j = None
finally:
    B = *A, *[1]
for a, (b, *c) in A: A.insert(0, a)
while (n := len(A)): break
with open("f") as f, open("g") as g: pass
match A:
    case [x, *rest] if x: y = x
    case {"k": v, **kw}: pass
    case P(a=1) | None as q: pass
del a
C: list[int] = A if B else [*A, f"{A!r:>{n}}", f'{B["k"]}' rb"\x00" u"\N{DASH}"]
def f(a, /, b=1, *, c: int = 2, **d) -> "x": return [g(), A]
def g(): "doc"; return f()
D = f() or not g() and (lambda x, *y: x)(1)[0].z
A.remove("x"); A.pop(); A.clear(); A.extend(x for x in A)
class K(A, metaclass=B):
    class Meta: ordering = A
    if A: z = 1
K.q = K.Meta.ordering
