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
	list   []write
	groups map[int]*group
}

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
	delete(w.groups, key)
	w.list = append(w.list, write{c, key, args})
}

// addMany adds commands with the arguments in slices, each a command of its own.
func (w *writes) addMany(c command, key int, args []any) {
	for some := range slices.Chunk(args, argumentsMost) {
		w.add(c, key, some...)
	}
}

// touch says that a command for one key also uses another.
func (w *writes) touch(key int) { delete(w.groups, key) }

// member adds what happens to one member of a hash or set; args are the command's, with the member's name among them.
func (w *writes) member(c command, key int, name string, args ...any) {
	g := w.groups[key]
	if g == nil || g.named[name] {
		if w.groups == nil {
			w.groups = map[int]*group{}
		}
		g = &group{map[string]bool{}, map[command]int{}}
		w.groups[key] = g
	}
	g.named[name] = true
	at, open := g.open[c]
	if open && len(w.list[at].args)+len(args) <= argumentsMost {
		w.list[at].args = append(w.list[at].args, args...)
		return
	}
	g.open[c] = len(w.list)
	w.list = append(w.list, write{c, key, args})
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
