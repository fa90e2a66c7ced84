package understand

// goodsAt: the unit at i, which is money as well, measures goods: "5 củ cải", "uống 2 chai Tiger", "xăng 2 lít".
func (s *sitting) goodsAt(i int) bool {
	if s.toks[i].typed == "m" && s.saysAt(i+1, "2", "²") && s.toks[i+1].glued && s.saysAt(i-2, "phòng", "nhà", "căn", "đất", "rộng", "tích", "studio", "room", "nền", "lô") { // phòng 25m2
		return true
	}
	goods := goodsBy[s.toks[i].key]
	if goods == nil {
		return false
	}
	number := i - 1 // where it starts
	for number > 0 && s.toks[number].kind == wordToken && s.numeralPart(number-1) {
		number--
	}
	if k := number - 1; number >= 0 && k >= 0 && (goods[s.toks[k].typed] || s.toks[i].key == "lit" && holders[s.toks[k].key]) {
		return true
	}
	if i+1 >= len(s.toks) || s.toks[i+1].kind != wordToken {
		return false
	}
	if goods[s.toks[i+1].typed] {
		return s.toks[i+1].typed != "toi" || !s.numeralStarts(i+2) // 2 cu toi 3 cu
	}
	return number > 0 && bought[s.toks[number-1].typed] && s.nounAt(i+1) != "" && !afterAmount[s.toks[i+1].typed] && !s.saysAt(i+1, "rưỡi", "rưởi")
}

// goodsBy is what is sold by each word, by its key, that is money as well.
var goodsBy = map[string]map[string]bool{
	"cu": listed("counting", "goods-by-root"), "chai": listed("counting", "goods-by-bottle"), "lit": listed("counting", "goods-by-litre"),
}

var (
	bought      = listed("counting", "bought")
	holders     = listedKeys("counting", "holds")
	afterAmount = listed("counting", "after-amount")
)

// tenthsOrCount: the 2 of "1 triệu 2 hộp" may be tenths of a million, or boxes.
func (s *sitting) tenthsOrCount(q quantity) bool {
	i := q.to
	if q.unit.factor < 1e6 || !s.saysAt(i-1, "triệu", "tỷ", "tỉ") || i+1 >= len(s.toks) || s.toks[i].kind != numberToken || s.toks[i].glued || len(s.toks[i].word) != 1 {
		return false
	}
	noun := s.nounAt(i + 1)
	return noun != "" && !s.toks[i+1].glued && (counted[s.toks[i+1].typed] || peopleNouns[s.toks[i+1].key] || containers[s.toks[i+1].key] || pieceNouns[s.toks[i+1].key]) && s.toks[i].word >= "2" && s.toks[i].word <= "9"
}
