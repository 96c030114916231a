#include "render/palette.h"

Colors palette_app(const PictureCluster *cluster)
{
    static const Colors apps[] = {
        {"#dceaf7", "#2f6ea5"}, {"#fde9c8", "#a86a00"}, {"#d5efe3", "#1d7a58"},
        {"#f6dcea", "#a2457a"}, {"#fbe3d6", "#b04a14"}, {"#e4e0f5", "#5b4aa0"},
        {"#f5f0c4", "#857600"}, {"#d6eef2", "#1c7482"},
    };
    static const Colors external = {"#ececec", "#767676"};
    return cluster->external ? external : apps[cluster->color % (sizeof apps / sizeof *apps)];
}
