package busy

import (
	"net/http"
	"testing"
)

func TestStamp(t *testing.T) {
	req, _ := http.NewRequest(http.MethodGet, "/", nil)
	cases := []struct{ id, want string }{{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}}
	for _, c := range cases {
		stampFor(req, c.id)
		if got := req.Header.Get("x"); got != c.want {
			t.Error(got)
		}
	}
}
