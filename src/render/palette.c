#include "render/palette.h"

static const Colors light[PALETTE_APPS + 1] = {
    {"#dceaf7", "#2f6ea5"}, {"#fde9c8", "#9a6100"}, {"#d5efe3", "#1d7a58"},
    {"#f6dcea", "#a2457a"}, {"#fbe3d6", "#b04a14"}, {"#e4e0f5", "#5b4aa0"},
    {"#f5f0c4", "#7d6f00"}, {"#d6eef2", "#1c7482"}, {"#ececec", "#6e6e6e"},
};
static const Colors dark[PALETTE_APPS + 1] = {
    {"#1c3247", "#79b4e6"}, {"#3f2f10", "#e2ab4b"}, {"#153a2c", "#5fc09a"},
    {"#42203a", "#e08fbd"}, {"#452213", "#ee8f5d"}, {"#2c2750", "#a99bea"},
    {"#383410", "#cfc04a"}, {"#14363c", "#63bccb"}, {"#2d3036", "#9aa0a8"},
};

Colors palette_change(GraphChange change)
{
    static const Colors all[GRAPH_CHANGES] = {[GRAPH_ADDED] = {"#d8f3e0", "#1a7f37"},
                                              [GRAPH_EDITED] = {"#ece3fc", "#7444cf"},
                                              [GRAPH_REMOVED] = {"#fdebf1", "#b0234f"}};
    return all[change];
}

unsigned palette_number(const PictureCluster *cluster)
{
    return cluster->external ? PALETTE_APPS : cluster->color % PALETTE_APPS;
}

Colors palette_colors(unsigned number, bool on_dark)
{
    return on_dark ? dark[number] : light[number];
}

Colors palette_app(const PictureCluster *cluster)
{
    return palette_colors(palette_number(cluster), false);
}
