#ifndef CDWARF_H
#define CDWARF_H
#endif
