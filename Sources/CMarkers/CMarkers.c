#include "CMarkers.h"
