/* SPDX-License-Identifier: Apache-2.0 */
/*
 * faults.h - a disk for SQLite that fails when told to: the Nth change of a file
 * alone, or that and everything after it; a write not at all, or half of it.
 */
#ifndef UNIT_FAULTS_H
#define UNIT_FAULTS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static struct {
	int	at;		/* which change fails; 0: none */
	int	code;		/* SQLITE_FULL, SQLITE_IOERR */
	bool	half;		/* a write does half of its work first */
	bool	dead;		/* and all after it */
	void	(*strike)(void);	/* comes then, and need not return */
	int	changes;	/* so far */
} faults;

struct fault_file {
	sqlite3_file	 base;
	sqlite3_file	*real;	/* stands behind this struct */
};

static sqlite3_vfs fault_vfs, *fault_real;

static bool
fault_now(void)
{
	faults.changes++;
	return faults.at > 0 && (faults.changes == faults.at ||
	    (faults.dead && faults.changes > faults.at));
}

static int
fault_end(int code)
{
	if (faults.strike != NULL)
		faults.strike();
	return code;
}

static sqlite3_file *
fault_of(sqlite3_file *f)
{
	return ((struct fault_file *)(void *)f)->real;
}

static int
fault_close(sqlite3_file *f)
{
	return fault_of(f)->pMethods->xClose(fault_of(f));
}

static int
fault_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return fault_of(f)->pMethods->xRead(fault_of(f), p, n, at);
}

static int
fault_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	bool now = fault_now();
	int part = !now ? n : faults.half ? n / 2 : 0, code = SQLITE_OK;

	if (part > 0)
		code = fault_of(f)->pMethods->xWrite(fault_of(f), p, part, at);
	return now ? fault_end(faults.code) : code;
}

static int
fault_truncate(sqlite3_file *f, sqlite3_int64 n)
{
	return fault_now() ? fault_end(SQLITE_IOERR_TRUNCATE) :
	    fault_of(f)->pMethods->xTruncate(fault_of(f), n);
}

static int
fault_sync(sqlite3_file *f, int flags)
{
	(void)f;
	(void)flags;
	/* No power fails here. */
	return fault_now() ? fault_end(SQLITE_IOERR_FSYNC) : SQLITE_OK;
}

static int
fault_size(sqlite3_file *f, sqlite3_int64 *n)
{
	return fault_of(f)->pMethods->xFileSize(fault_of(f), n);
}

static int
fault_lock(sqlite3_file *f, int level)
{
	return fault_of(f)->pMethods->xLock(fault_of(f), level);
}

static int
fault_unlock(sqlite3_file *f, int level)
{
	return fault_of(f)->pMethods->xUnlock(fault_of(f), level);
}

static int
fault_reserved(sqlite3_file *f, int *yes)
{
	return fault_of(f)->pMethods->xCheckReservedLock(fault_of(f), yes);
}

static int
fault_control(sqlite3_file *f, int op, void *arg)
{
	return fault_of(f)->pMethods->xFileControl(fault_of(f), op, arg);
}

static int
fault_sector(sqlite3_file *f)
{
	return fault_of(f)->pMethods->xSectorSize(fault_of(f));
}

static int
fault_traits(sqlite3_file *f)
{
	return fault_of(f)->pMethods->xDeviceCharacteristics(fault_of(f));
}

static int
fault_map(sqlite3_file *f, int page, int size, int extend, void volatile **p)
{
	return extend && fault_now() ? fault_end(SQLITE_IOERR_SHMSIZE) :
	    fault_of(f)->pMethods->xShmMap(fault_of(f), page, size, extend, p);
}

static int
fault_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	return fault_of(f)->pMethods->xShmLock(fault_of(f), at, n, flags);
}

static void
fault_barrier(sqlite3_file *f)
{
	fault_of(f)->pMethods->xShmBarrier(fault_of(f));
}

static int
fault_unmap(sqlite3_file *f, int gone)
{
	return fault_of(f)->pMethods->xShmUnmap(fault_of(f), gone);
}

static const sqlite3_io_methods fault_methods = {
	2, fault_close, fault_read, fault_write, fault_truncate, fault_sync, fault_size,
	fault_lock, fault_unlock, fault_reserved, fault_control, fault_sector,
	fault_traits, fault_map, fault_shm_lock, fault_barrier, fault_unmap, NULL, NULL
};

static int
fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	struct fault_file *f = (struct fault_file *)(void *)file;
	int code;

	(void)vfs;
	f->real = (sqlite3_file *)(void *)(f + 1);
	memset(f->real, 0, (size_t)fault_real->szOsFile);
	code = fault_real->xOpen(fault_real, name, f->real, flags, out);
	f->base.pMethods = f->real->pMethods != NULL ? &fault_methods : NULL;
	return code;
}

static int
fault_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs;
	(void)sync;
	return fault_now() ? fault_end(SQLITE_IOERR_DELETE) :
	    fault_real->xDelete(fault_real, name, 0);
}

/* From here on it is everybody's disk. */
static void
faults_install(void)
{
	fault_real = sqlite3_vfs_find(NULL);
	fault_vfs = *fault_real;
	fault_vfs.zName = "faults";
	fault_vfs.szOsFile = fault_real->szOsFile + (int)sizeof(struct fault_file);
	fault_vfs.xOpen = fault_open;
	fault_vfs.xDelete = fault_delete;
	sqlite3_vfs_register(&fault_vfs, 1);
}

#endif
