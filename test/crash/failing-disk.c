/*
 * A disk that fails, for proofs: loaded before the C library (LD_PRELOAD), it stands between SQLite and the files of one folder.
 *
 *   DISK_FOLDER   the folder whose files are watched
 *   DISK_JOURNAL  where it is written down what reached these files, and when it was made durable
 *   DISK_CALL     sync or write: which calls fail; without it none do
 *   DISK_ERROR    EIO or ENOSPC
 *   DISK_NTH      the first call that fails, from 1
 *   DISK_ON       1: all from then on fail; else only that one
 *   DISK_DEAF     1: what is synced is not written down as durable, as if nobody had asked for it: a proof must see it
 *
 * The first failure is told on standard output, as a line "fault". From the journal the files can be made as they would be after a power cut at any
 * moment, if nothing reached the disk that was not synced, and if what a failed sync left was never written: see disk-journal.ts.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_unlink)(const char *);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static int journal = -1;
static int fails_sync, fails_write, error_number, goes_on, deaf;
static long nth, counted;

__attribute__((constructor)) static void begin(void) {
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  folder = getenv("DISK_FOLDER");
  const char *path = getenv("DISK_JOURNAL");
  if (path) journal = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const char *call = getenv("DISK_CALL");
  fails_sync = call && strcmp(call, "sync") == 0;
  fails_write = call && strcmp(call, "write") == 0;
  const char *error = getenv("DISK_ERROR");
  error_number = error && strcmp(error, "ENOSPC") == 0 ? ENOSPC : EIO;
  nth = getenv("DISK_NTH") ? atol(getenv("DISK_NTH")) : 0;
  goes_on = getenv("DISK_ON") && strcmp(getenv("DISK_ON"), "1") == 0;
  deaf = getenv("DISK_DEAF") && strcmp(getenv("DISK_DEAF"), "1") == 0;
}

/* The name of a file in the folder; NULL: it is none of ours. The index of the write-ahead log is memory, and is made anew. */
static const char *name_of(int fd, char *buffer, size_t size) {
  if (!folder) return NULL;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, buffer, size - 1);
  size_t prefix = strlen(folder);
  if (length <= (ssize_t)prefix) return NULL;
  buffer[length] = 0;
  if (strncmp(buffer, folder, prefix) != 0 || buffer[prefix] != '/') return NULL;
  const char *name = buffer + prefix + 1;
  size_t own = strlen(name);
  return own > 4 && strcmp(name + own - 4, "-shm") == 0 ? NULL : name;
}

static void put(const void *bytes, size_t size) {
  if (real_write(journal, bytes, size) != (ssize_t)size) abort();
}

/* One entry: what happened, to which file, from where on, and the bytes. */
static void note(char what, const char *name, int64_t at, const void *bytes, uint32_t size) {
  if (journal < 0) return;
  uint32_t named = (uint32_t)strlen(name);
  put(&what, 1);
  put(&named, sizeof named);
  put(name, named);
  put(&at, sizeof at);
  put(&size, sizeof size);
  if (size > 0) put(bytes, size);
}

static int fails(int is_meant) {
  if (!is_meant) return 0;
  counted++;
  if (goes_on ? counted < nth : counted != nth) return 0;
  if (counted == nth && real_write(1, "fault\n", 6) != 6) abort();
  errno = error_number;
  return 1;
}

static int sync_file(int fd, int (*real)(int)) {
  char buffer[4096];
  const char *name = name_of(fd, buffer, sizeof buffer);
  if (!name) return real(fd);
  pthread_mutex_lock(&lock);
  int result = fails(fails_sync) ? -1 : real(fd);
  int error = errno;
  if (!deaf) note(result == 0 ? 's' : 'l', name, 0, NULL, 0);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

int fsync(int fd) { return sync_file(fd, real_fsync); }
int fdatasync(int fd) { return sync_file(fd, real_fdatasync); }

static ssize_t write_at(int fd, const void *bytes, size_t size, off_t at, int is_placed) {
  char buffer[4096];
  const char *name = name_of(fd, buffer, sizeof buffer);
  if (!name) return is_placed ? real_pwrite(fd, bytes, size, at) : real_write(fd, bytes, size);
  pthread_mutex_lock(&lock);
  off_t from = is_placed ? at : lseek(fd, 0, SEEK_CUR);
  ssize_t written = -1;
  if (!fails(fails_write)) written = is_placed ? real_pwrite(fd, bytes, size, at) : real_write(fd, bytes, size);
  int error = errno;
  if (written > 0) note('w', name, from, bytes, (uint32_t)written);
  pthread_mutex_unlock(&lock);
  errno = error;
  return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) { return write_at(fd, bytes, size, at, 1); }
ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t at) { return write_at(fd, bytes, size, at, 1); }
ssize_t write(int fd, const void *bytes, size_t size) { return write_at(fd, bytes, size, 0, 0); }

static int truncate_file(int fd, off_t size) {
  char buffer[4096];
  const char *name = name_of(fd, buffer, sizeof buffer);
  int result = real_ftruncate(fd, size);
  int error = errno;
  if (name && result == 0) {
    pthread_mutex_lock(&lock);
    note('t', name, size, NULL, 0);
    pthread_mutex_unlock(&lock);
  }
  errno = error;
  return result;
}

int ftruncate(int fd, off_t size) { return truncate_file(fd, size); }
int ftruncate64(int fd, off_t size) { return truncate_file(fd, size); }

int unlink(const char *path) {
  int result = real_unlink(path);
  int error = errno;
  size_t prefix = folder ? strlen(folder) : 0;
  if (result == 0 && prefix > 0 && strncmp(path, folder, prefix) == 0 && path[prefix] == '/') {
    pthread_mutex_lock(&lock);
    note('u', path + prefix + 1, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
  }
  errno = error;
  return result;
}
