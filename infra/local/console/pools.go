package console

import (
	"errors"
	"net/http"

	"github.com/minim-dev/minim/infra/local/awsjson"
)

// pools shows the user pools, their clients and their users.
func (c *Console) pools(w http.ResponseWriter, r *http.Request) {
	all := c.o.Pools()
	type client struct {
		ID        string   `json:"id"`
		Name      string   `json:"name"`
		Callbacks []string `json:"callbackUrls"`
	}
	type pool struct {
		ID      string   `json:"id"`
		Name    string   `json:"name"`
		Issuer  string   `json:"issuer"`
		Clients []client `json:"clients"`
		Users   int      `json:"users"`
	}
	shown := []pool{}
	for _, p := range all {
		each := pool{ID: p.ID, Name: p.Name, Issuer: p.Issuer, Clients: []client{}, Users: len(p.People)}
		for _, v := range p.Clients {
			each.Clients = append(each.Clients, client{v.ID, v.Name, v.Callbacks})
		}
		shown = append(shown, each)
	}
	c.show(w, r, view{name: "pools", section: "pools", title: "User pools", data: all, program: shown})
}

// rotateKeys replaces the signing keys of a pool, to test how an application handles that.
func (c *Console) rotateKeys(w http.ResponseWriter, r *http.Request) {
	if err := c.o.RotateKeys(r.PathValue("pool")); err != nil {
		c.fail(w, r, missing("%v", err))
		return
	}
	c.done(w, r, "pools", note{Text: "The pool has new signing keys. The previous ones are published for another 25 hours."})
}

// enter signs a user in, in this browser.
func (c *Console) enter(w http.ResponseWriter, r *http.Request) {
	link, err := c.o.SignInLink(r.Context(), r.PathValue("pool"), r.FormValue("user"))
	if fault, ok := errors.AsType[*awsjson.Error](err); ok {
		err = missing("%s", fault.Message)
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	http.Redirect(w, r, link, http.StatusSeeOther)
}
