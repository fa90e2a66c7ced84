package console

import "github.com/hoidap/hoidap/gateway/control"

// sentences are what control says of an error, each known by how it is said in English.
var sentences = phrases("error")

// sentence is what an error says to the person who asked, in their language where there are words for it.
func (l lang) sentence(err error) string {
	said, _ := l.rephrased(sentences, control.Sentence(err))
	return said
}
