package store

import "slices"

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
	command string
	key     int // the number of its first key
	args    []any
}

// group is the commands that still take more members of a key: each member is named in them at most once, so that it does
// not matter which of them comes first.
type group struct {
	named map[string]bool
	open  map[string]int // command -> its place in the list
}

// add adds a command of its own.
func (w *writes) add(command string, key int, args ...any) {
	delete(w.groups, key)
	w.list = append(w.list, write{command, key, args})
}

// addMany adds commands with the arguments in slices, each a command of its own.
func (w *writes) addMany(command string, key int, args []any) {
	for some := range slices.Chunk(args, argumentsMost) {
		w.add(command, key, some...)
	}
}

// touch says that a command for one key also uses another.
func (w *writes) touch(key int) { delete(w.groups, key) }

// member adds what happens to one member of a hash or set; args are the command's, with the member's name among them.
func (w *writes) member(command string, key int, name string, args ...any) {
	g := w.groups[key]
	if g == nil || g.named[name] {
		if w.groups == nil {
			w.groups = map[int]*group{}
		}
		g = &group{map[string]bool{}, map[string]int{}}
		w.groups[key] = g
	}
	g.named[name] = true
	at, open := g.open[command]
	if open && len(w.list[at].args)+len(args) <= argumentsMost {
		w.list[at].args = append(w.list[at].args, args...)
		return
	}
	g.open[command] = len(w.list)
	w.list = append(w.list, write{command, key, args})
}

// appendTo appends the commands as the script reads them.
func (w *writes) appendTo(args []any) []any {
	n := 0
	for i := range w.list {
		n += 3 + len(w.list[i].args)
	}
	args = slices.Grow(args, n)
	for i := range w.list {
		x := &w.list[i]
		args = append(append(args, x.command, x.key, len(x.args)), x.args...)
	}
	return args
}
