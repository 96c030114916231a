"""A seeded generator of Django projects, healthy and broken.

A healthy project is made first: migrations of all apps are put in one global
order, and every dependency points to an earlier one.  Squashes follow, then,
in a faulty project, damage of every kind the loader knows.
"""

import random

from harness import CONTRIB, CONTRIB_NEEDS, USER_MODEL, App, Node, Project

LABELS = ["alpha", "beta", "Gamma", "delta_1", "eps", "Zeta", "q"]
ODD_NAMES = ["a", "B-side", "0001-hyphen", "10_ten", "9_nine", "Zed", "0002", "thefirst",
             "initial", "0001_Initial", "ab", "été", "0003_x__y", "zz-9"]  # fmt: skip
CONTRIB_NAMES = {
    "admin": ["0001_initial", "0003_logentry_add_action_flag_choices"],
    "auth": ["0001_initial", "0006_require_contenttypes_0002",
             "0012_alter_user_first_name_max_length"],
    "contenttypes": ["0001_initial", "0002_remove_content_type_name"],
    "flatpages": ["0001_initial"],
    "redirects": ["0001_initial", "0002_alter_redirect_new_path_help_text"],
    "sessions": ["0001_initial"],
    "sites": ["0001_initial", "0002_alter_domain_unique"],
}  # fmt: skip


def random_project(seed):
    return Generator(seed).project


class Generator:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.project = Project()
        self.order = []  # (label, name), every edge of a healthy project points backwards
        self.taken = set()  # keys that a squash replaces already
        self.make_apps()
        self.make_chains()
        self.link_apps()
        for label in list(self.migrated()):
            if len(self.nodes(label)) > 2 and self.chance(0.35):
                self.squash(label)
        if self.chance(0.5):
            for _ in range(self.rng.randint(1, 3)):
                self.rng.choice(self.DAMAGE)(self)

    # helpers

    def chance(self, probability):
        return self.rng.random() < probability

    def nodes(self, label):
        return self.project.apps[label].nodes

    def migrated(self):
        return [label for label, app in self.project.apps.items() if app.nodes]

    def any_key(self):
        keys = [(label, name) for label in self.migrated() for name in self.nodes(label)]
        return self.rng.choice(sorted(keys)) if keys else None

    def node(self, key):
        return self.nodes(key[0])[key[1]]

    def depend(self, key, parent):
        dependencies = self.node(key).dependencies
        dependencies.insert(self.rng.randint(0, len(dependencies)), parent)

    # a healthy project

    def make_apps(self):
        rng, project = self.rng, self.project
        labels = rng.sample(LABELS, rng.randint(1, 6))
        if self.chance(0.3):
            labels.append("users")
            project.user_model = "users.User"
        for label in labels:
            app = project.apps[label] = App()
            if self.chance(0.12) and label != "users":
                app.nodes = None
            layout = rng.random()
            if layout < 0.15:
                app.module = "packages." + label.lower() + "_app"
                app.label_in_config = True
            elif layout < 0.25:
                app.label_in_config = True
            elif layout < 0.35 and app.nodes is not None:
                app.migration_module = "schema.%s_history" % label.lower()
        contrib = set()
        if self.chance(0.4):
            contrib.update(rng.sample(sorted(CONTRIB), rng.randint(1, 3)))
            for label in list(contrib):
                contrib.update(CONTRIB_NEEDS.get(label, ()))
        project.contrib = tuple(sorted(contrib))
        plain = not contrib and not project.user_model
        plain = plain and all(
            a.nodes is not None and not a.migration_module for a in project.apps.values()
        )
        project.settings = not plain or self.chance(0.6)

    def make_chains(self):
        slots = []
        for label, app in self.project.apps.items():
            if app.nodes is not None:
                slots += [label] * self.rng.choice([0, 1, 1, 2, 3, 3, 4, 5, 6, 8, 12])
        self.rng.shuffle(slots)
        odd = {label: self.chance(0.25) for label in self.project.apps}
        forks = {label: self.chance(0.3) for label in self.project.apps}
        for label in slots:
            nodes = self.nodes(label)
            name = self.new_name(nodes, odd[label])
            nodes[name] = Node([(label, p) for p in self.parents(nodes, forks[label])])
            self.order.append((label, name))

    def new_name(self, nodes, odd):
        number = len(nodes) + 1
        if odd:
            free = [name for name in ODD_NAMES if name not in nodes]
            if free:
                return self.rng.choice(free)
        if number == 1:
            return "0001_initial"
        return "%04d_%s" % (number, self.rng.choice(["add", "Alter", "auto_2024", "remove", "x"]))

    def parents(self, nodes, forks):
        names = list(nodes)
        if not names:
            return []
        draw = self.rng.random()
        if not forks or draw < 0.6:
            return names[-1:]
        if draw < 0.8:
            return [self.rng.choice(names)]
        if draw < 0.85:
            return []
        return self.rng.sample(names, min(len(names), self.rng.randint(2, 3)))

    def link_apps(self):
        place = {key: index for index, key in enumerate(self.order)}
        for index, key in enumerate(self.order):
            others = [other for other in self.order[:index] if other[0] != key[0]]
            while others and self.chance(0.2):
                self.depend(key, self.rng.choice(others))
            later = [other for other in self.order[index + 1 :]]
            if later and self.chance(0.04):
                self.node(key).run_before.append(self.rng.choice(later))
            if self.project.contrib and self.chance(0.15):
                label = self.rng.choice(self.project.contrib)
                name = self.rng.choice(CONTRIB_NAMES[label] + ["__first__", "__latest__"])
                self.depend(key, (label, name))
            if self.chance(0.1):
                self.depend(key, (key[0], "__first__"))
            self.link_symbolically(key, index, place)

    def link_symbolically(self, key, index, place):
        """__first__, __latest__ and the user model, where they cannot close a cycle."""
        for label, app in self.project.apps.items():
            if label == key[0]:
                continue
            if app.nodes is None:
                if self.chance(0.2):
                    self.depend(key, (label, self.rng.choice(["__first__", "__latest__"])))
                continue
            last = max([place[label, name] for name in app.nodes], default=len(place))
            if last < index and self.chance(0.15):
                self.depend(key, (label, self.rng.choice(["__first__", "__latest__"])))
            if last < index and label == "users" and self.chance(0.5):
                self.depend(key, USER_MODEL)

    # squashes

    def squash(self, label, whole=True):
        """Replace consecutive migrations by one, as squashmigrations does."""
        nodes = self.nodes(label)
        names = [name for name in nodes if (label, name) not in self.taken]
        if len(names) < 2:
            return
        start = self.rng.randrange(len(names) - 1)
        chosen = names[start : start + self.rng.randint(2, 4)]
        replaced = [(label, name) for name in chosen]
        outer = Node(replaces=list(replaced))
        for name in chosen:
            outer.dependencies += [
                dep
                for dep in nodes[name].dependencies
                if dep not in replaced and dep not in outer.dependencies
            ]
        squashed = "%s_squashed_%s" % (chosen[0], chosen[-1])
        nodes[squashed] = outer
        if whole:
            self.taken.update(replaced)
        fate = self.rng.random()
        for name in chosen:  # the originals: all there, some gone, all gone
            if fate > 0.7 or (fate > 0.5 and self.chance(0.5)):
                del nodes[name]
        return squashed

    def squash_again(self):
        """A squash of a squash: both in one order of names and in the other."""
        for label in self.migrated():
            nodes = self.nodes(label)
            squashed = next((name for name in nodes if nodes[name].replaces), None)
            if squashed:
                replaces = [(label, squashed)]
                followers = [n for n in nodes if (label, squashed) in nodes[n].dependencies]
                replaces += [(label, name) for name in followers[:1]]
                if self.chance(0.5):
                    replaces += nodes[squashed].replaces
                name = self.rng.choice(["0000_again", "zzzz_again"])
                nodes[name] = Node(list(nodes[squashed].dependencies), [], replaces)
                return

    def overlapping_squash(self):
        label = self.rng.choice(self.migrated() or [None])
        if label:
            self.taken = set()
            self.squash(label)
            self.taken = set()
            self.squash(label)

    def squash_over_apps(self):
        key, other = self.any_key(), self.any_key()
        if key:
            self.nodes(key[0])["0100_squashed_apps"] = Node([], [], [key, other])

    def squash_itself(self):
        key = self.any_key()
        if key and self.chance(0.5):
            self.nodes(key[0])["0101_self"] = Node([], [], [key, (key[0], "0101_self")])

    def squash_in_a_ring(self):
        key = self.any_key()
        if key and self.chance(0.5):
            label = key[0]
            self.nodes(label)["0102_ring"] = Node([], [], [(label, "0103_ring")])
            self.nodes(label)["0103_ring"] = Node([], [], [(label, "0102_ring")])

    def rename_app(self):
        """A squash that stands for the migrations of an app that is no more."""
        key, other = self.any_key(), self.any_key()
        if key:
            self.node(key).replaces.append(("old_app", "0001_initial"))
            self.depend(other, ("old_app", "0001_initial"))

    # damage

    def missing_parent(self):
        key = self.any_key()
        if key:
            label = self.rng.choice([key[0], *self.project.apps, *self.project.contrib])
            self.depend(key, (label, self.rng.choice(["0002_gone", "0099_gone", "gone.dotted"])))

    def delete_file(self):
        key = self.any_key()
        if key:
            del self.nodes(key[0])[key[1]]

    def missing_child(self):
        key = self.any_key()
        if key:
            label = self.rng.choice(list(self.project.apps))
            self.node(key).run_before.append((label, "0098_gone"))

    def back_edge(self):
        key, other = self.any_key(), self.any_key()
        if key:
            self.depend(key, other)

    def run_before_any(self):
        key, other = self.any_key(), self.any_key()
        if key:
            name = self.rng.choice([other[1], other[1], "__first__", "__latest__"])
            self.node(key).run_before.append((other[0], name))

    def own_latest(self):
        key = self.any_key()
        if key:
            self.depend(key, (key[0], "__latest__"))

    def symbolic(self):
        key = self.any_key()
        if key:
            label = self.rng.choice([*self.project.apps, "unheard_of"])
            self.depend(key, (label, self.rng.choice(["__first__", "__latest__"])))

    def unknown_app(self):
        key = self.any_key()
        if key:
            self.depend(key, ("unheard_of", "0001_initial"))

    def repeat(self):
        key = self.any_key()
        if key and self.node(key).dependencies:
            self.depend(key, self.rng.choice(self.node(key).dependencies))

    DAMAGE = [
        missing_parent, missing_parent, delete_file, missing_child, back_edge, back_edge,
        run_before_any, own_latest, symbolic, unknown_app, repeat, squash_again, squash_again,
        overlapping_squash, squash_over_apps, squash_itself, squash_in_a_ring, rename_app,
    ]  # fmt: skip
