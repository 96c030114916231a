#include "render/graphviz.h"

#include <dlfcn.h>
#include <pthread.h>

/* CGRAPH_SONAME and GVC_SONAME are the libraries whose headers this was compiled with: another
 * version may lay out its structures otherwise. */

Graphviz graphviz;

static const char *missing; /* the library or the function that is not there */

/* POSIX has dlsym() return functions as objects, which C does not know. */
static void *look_up(void *library, const char *name)
{
    void *found = library ? dlsym(library, name) : NULL;
    if (library && !found && !missing)
        missing = name;
    return found;
}

static void *open_library(const char *name)
{
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library && !missing)
        missing = name;
    return library;
}

static void open_both(void)
{
    void *cgraph = open_library(CGRAPH_SONAME), *gvc = open_library(GVC_SONAME);
#define GRAPHVIZ(library, name) *(void **)&graphviz.name = look_up(library, #name);
#include "render/graphviz.def"
#undef GRAPHVIZ
}

bool graphviz_open(Error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_both);
    return !missing || error_set(err,
                                 "drawing needs Graphviz, and %s is not to be had: install it "
                                 "(Debian: apt install graphviz), or use text, mermaid or json",
                                 missing);
}
