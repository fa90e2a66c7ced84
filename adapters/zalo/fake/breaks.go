package fake

import (
	"fmt"
	"net/http"

	"github.com/hoidap/hoidap/adapters"
	"github.com/hoidap/hoidap/adapters/fakekit"
)

// fails is how Zalo says no: HTTP 200 and a code.
func fails(codes ...int) (plays []fakekit.Play) {
	for _, code := range codes {
		plays = append(plays, fakekit.Play{Status: http.StatusOK, Body: fmt.Sprintf(`{"error":%d,"message":"It failed for 84901234567"}`, code)})
	}
	return plays
}

func chatBreaks() map[adapters.Fault][]fakekit.Play {
	return map[adapters.Fault][]fakekit.Play{
		adapters.Throttled:  append(fails(-32, -210), fakekit.Play{Status: http.StatusTooManyRequests}),
		adapters.Later:      fails(-211, -234),
		adapters.Window:     fails(-230, -232, -218),
		adapters.Recipient:  fails(-213, -227, -201, -403),
		adapters.Stopped:    fails(-244),
		adapters.BadMessage: fails(-233, -248, -249, -240),
		adapters.Operator:   fails(-204, -205, -209, -212, -214, -217, -219, -221, -223, -224, -242, -320, -321),
	}
}

func templateBreaks() map[adapters.Fault][]fakekit.Play {
	return map[adapters.Fault][]fakekit.Play{
		adapters.Throttled:  append(fails(-32), fakekit.Play{Status: http.StatusTooManyRequests}),
		adapters.Later:      fails(-133, -144, -147, -1441, -1471, -1472),
		adapters.Recipient:  fails(-108, -110, -114, -118, -119),
		adapters.Stopped:    fails(-139, -140, -141),
		adapters.BadMessage: fails(-109, -111, -112, -1121, -1122, -1124, -113, -1131, -117, -131, -132, -145, -146, -148, -149, -150),
		adapters.Operator:   fails(-101, -105, -106, -107, -115, -116, -1241, -125, -126, -127, -135, -1351, -136, -137, -138, -1381),
	}
}
