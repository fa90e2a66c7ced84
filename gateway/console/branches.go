package console

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hoidap/hoidap/campaigns"
)

// Measures of the picture of branches, in units of its view box: a phone shows it one to one.
const (
	branchWide   = 340
	branchLeft   = 34 // of what everybody is asked
	branchIn     = 26 // how much further in what some are asked stands
	branchHigh   = 52
	branchGap    = 26 // above what everybody is asked
	branchGapIf  = 44 // above what some are asked: a line says who
	branchLetter = 34 // characters that fit into a line
)

// branches is the picture of how questions follow each other, and the same in words.
type branches struct {
	Boxes []branchBox
	Paths []branchPath
	Wide  int
	High  int
	Never int      // how many are never asked
	Empty []string // answers after which there is no gift

}

// branchBox is a question, the beginning or the end.
type branchBox struct {
	Kind       string // start, ask, end
	ID         string // of the question
	Place      int    // of the question, from 0
	Text       string // as far as it fits
	Whole      string
	Note       string // the kind of answer
	If         string // who is asked, as far as it fits; "": everybody
	IfWhole    string
	Never      bool
	X, Y, Wide int
}

// High is how high every box is.
func (branchBox) High() int { return branchHigh }

// Mid, TextY and NoteY are places inside a box.
func (b branchBox) TextX() int { return b.X + 12 }
func (b branchBox) TextY() int { return b.Y + 22 }
func (b branchBox) NoteY() int { return b.Y + 40 }
func (b branchBox) IfY() int   { return b.Y - 9 }

// branchPath is a line from one box to another.
type branchPath struct {
	From, To, X, Around int // heights; where it runs; where it goes around what is left out, 0: straight
}

// branchPicture draws what is known of the branching, in the language of the page.
func (l lang) branchPicture(b campaigns.Branching) branches {
	pic := branches{Wide: branchWide}
	y := 8
	pic.box(branchBox{Kind: "start", Text: l.say("branches.start"), X: branchLeft, Y: y})
	for i, step := range b.Steps {
		q := step.Question
		words := strings.Join(strings.Fields(l.label(q.Ask.Text, q.ID)), " ")
		box := branchBox{Kind: "ask", ID: q.ID, Place: i, Text: short(words, branchLetter-2), Whole: words, Note: l.known("kind", q.Ask.Kind), X: branchLeft, Never: step.Never}
		gap := branchGap
		if q.When != nil {
			box.IfWhole = l.leads(b, step)
			box.If, box.X, gap = short(box.IfWhole, branchLetter+4), branchLeft+branchIn, branchGapIf
		}
		y += branchHigh + gap
		box.Y = y
		pic.box(box)
		if step.Never {
			pic.Never++
		}
	}
	y += branchHigh + branchGap
	pic.box(branchBox{Kind: "end", Text: l.say("branches.end"), X: branchLeft, Y: y})
	pic.High = y + branchHigh + 8
	for _, w := range b.Empty {
		pic.Empty = append(pic.Empty, l.way(b, w))
	}
	pic.connect()
	return pic
}

func (p *branches) box(b branchBox) {
	b.Wide = p.Wide - b.X - 8
	p.Boxes = append(p.Boxes, b)
}

// connect draws the lines: from each box to the next one, and around what only some are asked.
func (p *branches) connect() {
	last, asked := 0, 0 // the last one that everybody comes to, and that anybody does
	for i := 1; i < len(p.Boxes); i++ {
		from, to := p.Boxes[asked], p.Boxes[i]
		if !to.Never {
			path := branchPath{From: from.Y + branchHigh, To: to.Y, X: max(from.X, to.X) + 24}
			if i-asked > 1 {
				path.Around = branchLeft + branchIn - 12
			}
			p.Paths, asked = append(p.Paths, path), i
		}
		if to.If != "" {
			continue
		}
		if i-last > 1 {
			p.Paths = append(p.Paths, branchPath{From: p.Boxes[last].Y + branchHigh, To: to.Y, X: branchLeft + 12, Around: branchLeft - 16})
		}
		last = i
	}
}

// leads says with which answers a question is asked.
func (l lang) leads(b campaigns.Branching, s campaigns.BranchStep) string {
	if len(s.Leads) == 0 {
		return s.Question.When.Source
	}
	var names []string
	for _, v := range s.Leads {
		names = append(names, l.answer(b, s.Needs[0], v))
	}
	return strings.Join(names, l.say("branches.or"))
}

// way says some answers.
func (l lang) way(b campaigns.Branching, w campaigns.Way) string {
	var names []string
	for _, c := range w {
		names = append(names, l.answer(b, c.Question, c.Value))
	}
	return cmp.Or(strings.Join(names, ", "), "–")
}

// answer is what an answer to a question is called.
func (l lang) answer(b campaigns.Branching, question, value string) string {
	i := slices.IndexFunc(b.Steps, func(s campaigns.BranchStep) bool { return s.Question.ID == question })
	if value == "" {
		return l.say("branches.no-answer")
	}
	for _, o := range b.Steps[i].Question.Ask.Options {
		if o.Value == value {
			return l.label(o.Label, value)
		}
	}
	return l.known("answer", value)
}

// short is a text as far as it fits.
func short(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return strings.TrimSpace(string(r[:most-1])) + "…"
}
