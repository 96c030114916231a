#include "render/render.h"

/* For a terminal: app by app, each migration on a line, lanes where an app's history branches, and
 * what ties it to other apps beside it. */

bool render_text(const Pictures *pictures, const TextStyle *style, StrBuf *out, Error *err)
{
    (void)pictures;
    (void)style;
    (void)out;
    return error_set(err, "not yet");
}
