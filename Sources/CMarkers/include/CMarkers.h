// One C function per kind of engine call, kept on the stack so that a profile can name the
// operation. Two Swift functions marked never-inline turned into jumps to each other and left no
// frame; a C trampoline whose call is followed by a barrier cannot.
#ifndef CMARKERS_H
#define CMARKERS_H

#pragma clang assume_nonnull begin

typedef void (*vb_op_body)(void *_Nullable context);

void vb_op_search(vb_op_body body, void *_Nullable context);
void vb_op_get(vb_op_body body, void *_Nullable context);
void vb_op_insert(vb_op_body body, void *_Nullable context);
void vb_op_upsert(vb_op_body body, void *_Nullable context);
void vb_op_delete(vb_op_body body, void *_Nullable context);
void vb_op_flush(vb_op_body body, void *_Nullable context);
void vb_op_compact(vb_op_body body, void *_Nullable context);
void vb_op_background(vb_op_body body, void *_Nullable context);

#pragma clang assume_nonnull end
#endif
