#ifndef MIGRALINT_RENDER_PALETTE_H
#define MIGRALINT_RENDER_PALETTE_H

/*
 * Colours of pictures, on light and dark grounds and in print. Apps: fills that colour-blind people
 * can tell apart (after Okabe and Ito), each with a darker line; nothing is told by colour alone.
 */

#include "render/picture.h"

typedef struct Colors {
    const char *fill, *line; /* "#rrggbb" */
} Colors;

enum { PALETTE_APPS = 8 };

/* Which of them an app has: PALETTE_APPS when it is not the project's own. */
unsigned palette_number(const PictureCluster *cluster);
Colors palette_app(const PictureCluster *cluster);
/* By that number; on a dark ground a page may draw with colours of its own. */
Colors palette_colors(unsigned number, bool dark);

#define PALETTE_TEXT "#1b1b1b"       /* on fills */
#define PALETTE_FAINT "#f7f7f7"      /* fills of what is drawn for context only … */
#define PALETTE_FAINT_TEXT "#59616b" /* … and what stands on them */
#define PALETTE_MUTED "#6f7680"      /* lines and words that stand on the ground itself */
#define PALETTE_ERROR "#c4320a"      /* what is wrong */
#define PALETTE_WARNING "#a05a00"

/* Of what differs from a base; app colours are left to the frames then. */
Colors palette_change(GraphChange change);

#endif
