package understand

import "testing"

func TestOptionsToAskBackAbout(t *testing.T) {
	const tour = "choice | vi | Anh chị muốn đi tour nào? / Which tour? | dn=Đà Nẵng/Da Nang | dl=Đà Lạt/Da Lat | pq=Phú Quốc/Phu Quoc"
	for typed, want := range map[string]string{
		"vợ anh thích Đà Lạt":              "dl", // the wife's: perhaps the customer's as well
		"vợ anh thích Đà Lạt với Phú Quốc": "",
		"pq": "pq",
		"dl": "dl",
		"đà": "",
	} {
		r := Read(parseAsk(tour), typed)
		got := ""
		if r.Maybe != nil {
			got = r.Maybe.Value.Text
		}
		if r.Status != Unclear || got != want {
			t.Errorf("%q is %s, perhaps %q, want unclear and perhaps %q", typed, short(r), got, want)
		}
	}
}
