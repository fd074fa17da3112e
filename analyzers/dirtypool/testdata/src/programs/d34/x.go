// Package d34: pool var assigned in func, closure as handler, form decode by reflection helper.
package d34

import (
	"encoding/json"
	"net/http"
	"sync"
)

type createUser struct {
	Name  string `json:"name"`
	Admin bool   `json:"admin"`
	Email string `json:"email"`
}

func Handler(save func(createUser) error) http.HandlerFunc {
	pool := &sync.Pool{New: func() any { return new(createUser) }}
	return func(w http.ResponseWriter, r *http.Request) {
		u := pool.Get().(*createUser) // want `the \*createUser from Handler\.pool may still hold its previous user.s fields Name, Admin and Email: it is reset neither after this Get nor before its Put`
		defer pool.Put(u)
		if err := json.NewDecoder(r.Body).Decode(u); err != nil {
			http.Error(w, err.Error(), 400)
			return
		}
		if err := save(*u); err != nil {
			http.Error(w, err.Error(), 500)
		}
	}
}
