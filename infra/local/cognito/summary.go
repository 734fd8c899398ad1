package cognito

import (
	"context"
	"net/url"
	"slices"
	"strings"
)

// Summary is a pool for the console.
type Summary struct {
	Pool
	People []Person
}

// Person is a user for the console.
type Person struct {
	Name, Email, Status string
	Groups              []string
	Enabled, CanEnter   bool
}

// Summaries returns the pools with their users, both sorted by name.
func (p *Pools) Summaries() (all []Summary) {
	for _, v := range p.pools {
		s := Summary{Pool: v.Pool}
		_ = v.read(func(saved *state) error {
			for _, u := range saved.Users {
				s.People = append(s.People, Person{
					Name: u.Name, Email: u.Attributes["email"], Status: u.Status, Groups: slices.Clone(u.Groups), Enabled: !u.Disabled,
					CanEnter: v.Hosted && saved.mayEnter(u.Name) == nil,
				})
			}
			return nil
		})
		slices.SortFunc(s.People, func(a, b Person) int { return strings.Compare(a.Email+a.Name, b.Email+b.Name) })
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Summary) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// SignInLink returns a link that signs in a user once, and redirects to the application.
func (p *Pools) SignInLink(ctx context.Context, pool, user string) (string, error) {
	answer, err := p.call(ctx, "LocalCloud", "SignInLink", request{UserPoolId: pool, Username: user})
	link, _ := answer.(map[string]string)
	return link["Link"], err
}

// home returns the root of the application: the origin of the first callback URL.
func (v *provider) home() string {
	for _, c := range v.Clients {
		for _, text := range c.Callbacks {
			if u, err := url.Parse(text); err == nil && u.Host != "" {
				return u.Scheme + "://" + u.Host + "/"
			}
		}
	}
	return ""
}
