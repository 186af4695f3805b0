// What a preloaded malloc must survive: threads that come and go, children that fork and exec,
// libraries that come and go, every function that gives memory. It prints what it did.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { threads = 400, blocks = 200 };

__attribute__((noinline)) static void *parent_work(size_t size) { return malloc(size); }
__attribute__((noinline)) static void *child_work(size_t size) { return malloc(size); }
__attribute__((noinline)) static void *exec_work(size_t size) { return malloc(size); }

static void keep(void *(*work)(size_t), int count) {
  for (int index = 0; index < count; index++) memset(work(100000), 1, 100000);
}

static void *short_life(void *argument) {
  void *kept[blocks];
  for (int index = 0; index < blocks; index++) kept[index] = parent_work(1000);
  for (int index = 0; index < blocks; index++) free(kept[index]);
  free(argument);
  return malloc(77);
}

static void check(int holds, const char *what) {
  if (holds) return;
  printf("failed %s\n", what);
  fflush(stdout);
  _exit(1);
}

static void every_function(void) {
  void *place = NULL;
  check(posix_memalign(&place, 3, 10) != 0, "wrong alignment");
  check(posix_memalign(&place, 4096, 10) == 0 && (uintptr_t)place % 4096 == 0, "posix_memalign");
  free(place);
  place = aligned_alloc(256, 1024);
  check((uintptr_t)place % 256 == 0, "aligned_alloc");
  place = realloc(place, 300000);
  place = reallocarray(place, 1000, 1000);
  check(malloc_usable_size(place) >= 1000000, "usable size");
  check(reallocarray(place, SIZE_MAX / 2, 4) == NULL, "overflow");
  check(realloc(place, SIZE_MAX / 4) == NULL, "too much");
  check(calloc(SIZE_MAX / 2, 4) == NULL, "calloc");
  free(place);
  char *zeros = calloc(1000, 1000);
  for (int index = 0; index < 1000000; index += 999) check(zeros[index] == 0, "zeros");
  check(realloc(zeros, 0) == NULL, "realloc to nothing");
  free(valloc(10));
  free(pvalloc(10));
  free(memalign(64, 100));
  free(realloc(NULL, 50));
  free(NULL);
}

static void *fork_often(void *argument) {
  for (int index = 0; index < 20; index++) {
    pid_t child = fork();
    if (child == 0) {
      keep(child_work, 20);
      _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    check(status == 0, "child of threads");
  }
  return argument;
}

static void live_shortly(void) {
  pthread_t forking, some[16];
  pthread_create(&forking, NULL, fork_often, NULL);
  for (int round = 0; round < threads / 16; round++) {
    for (int index = 0; index < 16; index++)
      pthread_create(&some[index], NULL, short_life, malloc(500));
    for (int index = 0; index < 16; index++) {
      void *left;
      pthread_join(some[index], &left);
      free(left);
    }
    void *library = dlopen("libm.so.6", RTLD_NOW);
    if (library != NULL) dlclose(library);
  }
  pthread_join(forking, NULL);
}

int main(int count, char **words) {
  const char *mode = count > 1 ? words[1] : "";
  if (strcmp(mode, "exec") == 0) {
    keep(exec_work, 300);
    return 0;
  }
  if (strcmp(mode, "kill") == 0) {
    keep(parent_work, 1000);
    printf("done kept=%d\n", 1000 * 100000);
    fflush(stdout);
    kill(getpid(), SIGKILL);
  }
  every_function();
  live_shortly();
  pid_t child = fork();
  if (child == 0) {
    execl("/proc/self/exe", words[0], "exec", (char *)NULL);
    _exit(1);
  }
  int status;
  waitpid(child, &status, 0);
  check(status == 0, "child");
  keep(parent_work, 500);
  printf("done threads=%d\n", threads * (blocks * 1000 + 500 + 77));
  return 0;
}
