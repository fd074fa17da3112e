package exits

import "net/http"

func query(string) (string, error)

// What the receiver decides on is not whether to receive again.
func answer(w http.ResponseWriter, key string) {
	c := make(chan string)
	go func() {
		v, err := query(key)
		if err != nil {
			c <- "failed"
		}
		c <- v // want `this send blocks forever after an earlier one on the same path: nobody receives from c again and it has no buffer; the goroutine started at line 10 never ends`
	}()
	if n, err := w.Write([]byte(<-c)); err != nil {
		println(n)
	}
}

// Here it does.
func answers(key string) string {
	c := make(chan string)
	go func() {
		v, err := query(key)
		if err != nil {
			c <- ""
		}
		c <- v
	}()
	v := <-c
	if v == "" {
		v = <-c
	}
	return v
}

// Either or.
func answerOnce(w http.ResponseWriter, key string) {
	c := make(chan string)
	go func() {
		v, err := query(key)
		if err != nil {
			c <- "failed"
			return
		}
		c <- v
	}()
	if n, err := w.Write([]byte(<-c)); err != nil {
		println(n)
	}
}
