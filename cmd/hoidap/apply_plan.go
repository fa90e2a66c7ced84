package main

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/hoidap/hoidap/gateway/control"
)

// What applying a folder does with a file.
const (
	brings  = "new"
	changes = "changed"
	adopts  = "adopted"
	removes = "removed"
)

// step is what is to be done with a file.
type step struct {
	name, what   string
	before, text string // in force now, and then
	there        bool   // the gateway has a file of that name
	version      int    // its newest
}

// plan is what applying a folder does.
type plan struct {
	steps     []step
	refusals  []string // sentences: what cannot be done here at all
	conflicts []string // what somebody else has done meanwhile
	notes     []string // what is left as it is
	same      int
}

// plan compares a folder with what is in force and with what both were made of.
func (a applying) plan(mine map[string]string, theirs shelf, known origin) (p plan) {
	for _, name := range slices.Sorted(maps.Keys(mine)) {
		a.file(&p, name, mine[name], theirs, known)
	}
	for _, name := range slices.Sorted(maps.Keys(known.Files)) {
		if _, here := mine[name]; !here {
			a.missing(&p, name, theirs, known)
		}
	}
	return p
}

func (a applying) file(p *plan, name, text string, theirs shelf, known origin) {
	before, inForce := theirs.inForce[name]
	head, there := theirs.heads[name]
	made, exported := known.Files[name]
	x := step{name: name, what: changes, before: before, text: text, there: there, version: head.Version}
	switch {
	case inForce && before == text:
		p.same++
		return
	case exported && inForce && textHash(text) == made.Hash:
		p.notes = append(p.notes, name+" is newer there, and unchanged here; export to have it")
		return
	case there && head.State == "folder" && !a.adopt:
		p.refusals = append(p.refusals, name+" is kept in the gateway's own folder: change it there, or say --adopt")
		return
	case there && head.State == "folder":
		x.what = adopts
	case !there:
		x.what = brings
	}
	if why := foreign(name, text, made, exported, inForce, textHash(before), head, there); why != "" && !known.wrote(head) {
		p.conflicts = append(p.conflicts, why)
		if !a.force {
			return
		}
	}
	p.steps = append(p.steps, x)
}

// foreign says what somebody else has done to a file since it was exported; empty: nothing.
func foreign(name, text string, made originFile, exported, inForce bool, hash string, head shelfFile, there bool) string {
	switch {
	case exported && !there:
		return name + " was taken away there"
	case exported && inForce && made.Hash == hash && made.Version == head.Version, !there, head.Text == text:
		return "" // also where it is our own draft, which could not be published
	case !exported && head.State == "folder":
		return name + " is another text in the gateway's own folder"
	}
	return name + " " + head.standing()
}

// missing is about a file that was exported and is not in the folder any more.
func (a applying) missing(p *plan, name string, theirs shelf, known origin) {
	made := known.Files[name]
	before, inForce := theirs.inForce[name]
	head := theirs.heads[name]
	switch {
	case !inForce:
	case !a.prune:
		p.notes = append(p.notes, name+" is not here any more and stays in force; say --prune to take it out")
	case head.State == "folder":
		p.refusals = append(p.refusals, name+" is kept in the gateway's own folder: remove it there")
	case made.Hash != textHash(before) || made.Version != head.Version && !known.wrote(head):
		p.conflicts = append(p.conflicts, name+" "+head.standing())
		if !a.force {
			return
		}
		fallthrough
	default:
		p.steps = append(p.steps, step{name: name, what: removes, before: before, there: true, version: head.Version})
	}
}

// show says what is to be done; whole also which lines.
func (p plan) show(out io.Writer, whole bool) {
	for _, x := range p.steps {
		lines := control.Compare(x.before, x.text)
		added, removed := 0, 0
		for _, l := range lines {
			switch l.Kind {
			case "added":
				added++
			case "removed":
				removed++
			}
		}
		fmt.Fprintf(out, "%s: %s, %s added, %d removed\n", x.name, x.what, count(added, "line"), removed)
		if whole {
			showLines(out, lines)
		}
	}
	for _, s := range p.refusals {
		fmt.Fprintln(out, "refused:", s)
	}
	for _, s := range p.conflicts {
		fmt.Fprintln(out, "conflict:", s)
	}
	for _, s := range p.notes {
		fmt.Fprintln(out, s)
	}
	fmt.Fprintln(out, count(len(p.steps), "file"), "to change,", p.same, "the same")
}

func showLines(out io.Writer, lines []control.DiffLine) {
	signs := map[string]string{"same": "  ", "added": "+ ", "removed": "- ", "gap": "..."}
	for _, l := range lines {
		fmt.Fprintln(out, "  "+signs[l.Kind]+l.Text)
	}
}
