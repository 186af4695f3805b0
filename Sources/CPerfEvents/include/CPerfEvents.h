#ifndef CPERFEVENTS_H
#define CPERFEVENTS_H
#endif
