package store

import (
	"encoding/binary"
	"slices"
)

// argumentsMost bounds the arguments of one command: Lua's stack takes no more than some thousands, and a script that
// fails half-way has done the first half. It is even, for the pairs of HSET.
const argumentsMost = 1000

// writes is a list of commands, in the order in which they are applied. What many commands would do to the members of one
// hash or set, one after the other, one command does where the order makes no difference: most of what a command costs
// Redis is the command.
type writes struct {
	list   []write // those behind its end are of a batch before, and lend their memory
	groups map[int]*group
	spare  []*group // empty
}

// argumentsKept is of how many arguments of a command the memory is kept for the next batch.
const argumentsKept = 256

// write is one command.
type write struct {
	command command
	key     int // the number of its first key
	args    []any
}

// group is the commands that still take more members of a key: each member is named in them at most once, so that it does
// not matter which of them comes first.
type group struct {
	named map[string]bool
	open  map[command]int // its place in the list
}

// add adds a command of its own.
func (w *writes) add(c command, key int, args ...any) {
	w.touch(key)
	w.push(c, key, args)
}

// push puts a command at the end of the list.
func (w *writes) push(c command, key int, args []any) {
	n := len(w.list)
	w.list = slices.Grow(w.list, 1)[:n+1]
	x := &w.list[n]
	x.command, x.key, x.args = c, key, append(x.args[:0], args...)
}

// empty takes everything off the list, and keeps its memory.
func (w *writes) empty() {
	for key := range w.groups {
		w.touch(key)
	}
	for i := range w.list {
		x := &w.list[i]
		if clear(x.args); cap(x.args) > argumentsKept {
			x.args = nil
		}
	}
	w.list = w.list[:0]
}

// addMany adds commands with the arguments in slices, each a command of its own.
func (w *writes) addMany(c command, key int, args []any) {
	for some := range slices.Chunk(args, argumentsMost) {
		w.add(c, key, some...)
	}
}

// touch ends the group of a key, which a command of its own uses: what comes later must stay behind it.
func (w *writes) touch(key int) {
	if g := w.groups[key]; g != nil {
		clear(g.named)
		clear(g.open)
		w.spare = append(w.spare, g)
		delete(w.groups, key)
	}
}

// group begins a group of a key.
func (w *writes) group(key int) *group {
	w.touch(key)
	if w.groups == nil {
		w.groups = map[int]*group{}
	}
	var g *group
	if n := len(w.spare); n > 0 {
		g, w.spare = w.spare[n-1], w.spare[:n-1]
	} else {
		g = &group{map[string]bool{}, map[command]int{}}
	}
	w.groups[key] = g
	return g
}

// member adds what happens to one member of a hash or set; args are the command's, with the member's name among them.
func (w *writes) member(c command, key int, name string, args ...any) {
	g := w.groups[key]
	if g == nil || g.named[name] {
		g = w.group(key)
	}
	g.named[name] = true
	at, open := g.open[c]
	if open && len(w.list[at].args)+len(args) <= argumentsMost {
		w.list[at].args = append(w.list[at].args, args...)
		return
	}
	g.open[c] = len(w.list)
	w.push(c, key, args)
}

// plan is what the script is to do with the arguments: for each command its number, its key's (4 bytes, the high one first), and how
// many arguments are its own (2 bytes). An argument costs Redis and Lua far more than these bytes do.
func (w *writes) plan() []byte {
	plan := make([]byte, 0, 7*len(w.list))
	for i := range w.list {
		x := &w.list[i]
		plan = append(plan, byte(x.command))
		plan = binary.BigEndian.AppendUint32(plan, uint32(x.key))
		plan = binary.BigEndian.AppendUint16(plan, uint16(len(x.args)))
	}
	return plan
}

// appendTo appends the plan and all arguments.
func (w *writes) appendTo(args []any) []any {
	n := 1
	for i := range w.list {
		n += len(w.list[i].args)
	}
	args = append(slices.Grow(args, n), w.plan())
	for i := range w.list {
		args = append(args, w.list[i].args...)
	}
	return args
}
