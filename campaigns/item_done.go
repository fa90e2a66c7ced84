package campaigns

// itemDone: one of the brand's people has looked, and there is nothing to do.
//
// Example: {"kind":"item_done","act":{"by":"Hoa","item":{"id":"sms:SM7","reason":"no_open_question"}}}
func (t *turn) itemDone() {
	if t.s.Into != nil && t.e.Act != nil { // what came here stays here, wherever the contact went
		t.closeItem("done")
		return
	}
	if t.mayAct() {
		t.closeItem("done")
	}
}
