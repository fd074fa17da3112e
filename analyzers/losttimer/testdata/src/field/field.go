package field

import "time"

type holder struct{ t *time.Timer }

func (h *holder) loop(in <-chan int) {
	for {
		select {
		case <-h.t.C:
		case <-in:
			if !h.t.Stop() {
				<-h.t.C // want `once the value of h.t.C has been taken at line 10`
			}
			h.t.Reset(time.Second)
		}
	}
}

func (h *holder) replaced(in <-chan int) {
	for {
		select {
		case <-h.t.C:
			h.t = time.NewTimer(time.Second)
		case <-in:
			if !h.t.Stop() {
				<-h.t.C
			}
		}
	}
}
