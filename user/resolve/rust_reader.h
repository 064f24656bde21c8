/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words that Rust's v0 mangling is made of, and the bounds on reading it;
 * for rust_v0.c alone. Once .bad is set, nothing is read or printed any more.
 */
#ifndef RESOLVE_RUST_READER_H
#define RESOLVE_RUST_READER_H

#include "rust.h"

#define READER_STEPS_MAX 20000U

struct reader {
	const char *begin, *at, *end; /* begin: behind "_R" */
	struct sink *sink;
	unsigned int depth, steps;
	unsigned int silent; /* what is read is not printed */
	uint64_t lifetimes;  /* bound so far */
	bool bad;
};

struct identifier {
	const char *text;
	size_t length;
	bool is_punycode;
};

/* Print, unless it is silent. */
void reader_put(struct reader *reader, const char *text);
void reader_put_number(struct reader *reader, uint64_t number);
void reader_put_identifier(struct reader *reader,
			   const struct identifier *identifier);

/*
 * Every rule begins and ends so; false, with .bad set, if it is one too many,
 * or too deep, or the sink is full.
 */
bool reader_enter(struct reader *reader);
void reader_leave(struct reader *reader);

/* The next character; NUL: there is none. */
char reader_peek(const struct reader *reader);
/* The same, which is read then; that there is none is bad. */
char reader_next(struct reader *reader);
/* Read @c, if it comes next. */
bool reader_eat(struct reader *reader, char c);

/* "_" is 0, "0_" is 1, "a_" is 11. */
uint64_t reader_base_62(struct reader *reader);
/* Such a number behind @tag, plus one; 0 without it. */
uint64_t reader_tagged(struct reader *reader, char tag);
struct identifier reader_identifier(struct reader *reader);

#endif
