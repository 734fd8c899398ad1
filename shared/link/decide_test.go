package link_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/link"
)

const (
	home       = "https://example.com/home?a=1#top"
	bye        = "https://example.com/bye"
	revalidate = "private, max-age=0, must-revalidate"
)

// decisions are visits of links to home by GET at the time now, and what visitors get.
type decisions []struct {
	name  string
	link  link.Link
	visit link.Visit
	want  link.Decision
}

func (d decisions) run(t *testing.T) {
	for _, test := range d {
		t.Run(test.name, func(t *testing.T) {
			test.link.URL, test.visit.Time = home, now
			if test.link.Redirect == 0 {
				test.link.Redirect = 302
			}
			if diff := cmp.Diff(test.want, test.link.Decide(test.visit)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func follow(status int, location, caching string) link.Decision {
	return link.Decision{HTTPStatus: status, Status: link.Active, Location: location, CacheControl: caching}
}

func gone(status link.Status) link.Decision {
	return link.Decision{HTTPStatus: 410, Status: status, CacheControl: "no-store"}
}

func moved(status link.Status) link.Decision {
	return link.Decision{HTTPStatus: 302, Status: status, Location: bye, CacheControl: "no-store"}
}

func notYet(status link.Status, after time.Duration) link.Decision {
	return link.Decision{HTTPStatus: 404, Status: status, CacheControl: "no-store", RetryAfter: after}
}

func limited(status int, use link.Use) link.Decision {
	return link.Decision{HTTPStatus: status, Status: link.Active, Location: home, CacheControl: "no-store", Use: use}
}

func form(status int, use link.Use) link.Decision {
	return link.Decision{HTTPStatus: status, Status: link.Active, Form: true, CacheControl: "no-store", Use: use}
}

func TestDecideByStatus(t *testing.T) {
	decisions{
		{"no options", link.Link{}, link.Visit{}, follow(302, home, revalidate)},
		{"POST", link.Link{}, link.Visit{Method: "POST"}, follow(302, home, revalidate)},
		{"private", link.Link{Private: true}, link.Visit{}, follow(302, home, revalidate)},
		{"301", link.Link{Redirect: 301}, link.Visit{}, follow(301, home, "private, max-age=300")},
		{"307", link.Link{Redirect: 307}, link.Visit{Method: "POST"}, follow(307, home, revalidate)},
		{"308", link.Link{Redirect: 308}, link.Visit{Method: "POST"}, follow(308, home, "private, max-age=300")},
		{"308 that expires soon", link.Link{Redirect: 308, ExpiresAt: now.Add(90 * time.Second)}, link.Visit{}, follow(308, home, "private, max-age=90")},
		{"301 with a limit", link.Link{Redirect: 301, Options: link.Options{MaxClicks: 1}}, link.Visit{Program: true}, limited(301, link.Check)},
	}.run(t)
}

func TestDecideByTime(t *testing.T) {
	decisions{
		{"pending", link.Link{Pending: true}, link.Visit{}, notYet(link.Pending, 5*time.Second)},
		{"pending, never expired", link.Link{Pending: true, ExpiresAt: now, Options: link.Options{ExpiredURL: bye}}, link.Visit{}, notYet(link.Pending, 5*time.Second)},
		{"a moment before notBefore", link.Link{Options: link.Options{NotBefore: now.Add(1)}}, link.Visit{}, notYet(link.Scheduled, 1)},
		{"notBefore", link.Link{Options: link.Options{NotBefore: now}}, link.Visit{}, follow(302, home, revalidate)},
		{"before notBefore, with expiredUrl", link.Link{Options: link.Options{NotBefore: now.Add(time.Hour), ExpiredURL: bye}}, link.Visit{}, notYet(link.Scheduled, time.Hour)},
		{"a moment before expiry", link.Link{ExpiresAt: now.Add(1)}, link.Visit{}, follow(302, home, revalidate)},
		{"expired", link.Link{ExpiresAt: now}, link.Visit{}, gone(link.Expired)},
		{"expired with expiredUrl", link.Link{Redirect: 301, ExpiresAt: now, Options: link.Options{ExpiredURL: bye}}, link.Visit{}, moved(link.Expired)},
		{"disabled", link.Link{Disabled: true}, link.Visit{}, gone(link.Disabled)},
		{"disabled with expiredUrl", link.Link{Disabled: true, Options: link.Options{ExpiredURL: bye}}, link.Visit{}, moved(link.Disabled)},
		{"taken down", link.Link{TakenDown: "Phishing.", Disabled: true, Options: link.Options{ExpiredURL: bye, Password: "x"}}, link.Visit{}, link.Decision{HTTPStatus: 451, Status: link.TakenDown, CacheControl: "no-store"}},
		{"deleted", link.Link{DeletedAt: now}, link.Visit{}, gone(link.Deleted)},
		{"deleted with expiredUrl", link.Link{DeletedAt: now, ExpiresAt: now, Options: link.Options{ExpiredURL: bye}}, link.Visit{}, gone(link.Deleted)},
		{"deleted, exhausted and with expiredUrl", link.Link{DeletedAt: now, Options: link.Options{MaxClicks: 1, ExpiredURL: bye}}, link.Visit{Exhausted: true}, gone(link.Deleted)},
		{"disabled before notBefore", link.Link{Disabled: true, Options: link.Options{NotBefore: now.Add(1)}}, link.Visit{}, gone(link.Disabled)},
	}.run(t)
}

func TestDecideByClicks(t *testing.T) {
	decisions{
		{"maxClicks", link.Link{Options: link.Options{MaxClicks: 1}}, link.Visit{}, limited(302, link.Take)},
		{"maxClicks, POST", link.Link{Options: link.Options{MaxClicks: 1}}, link.Visit{Method: "POST"}, limited(302, link.Take)},
		{"maxClicks, HEAD", link.Link{Options: link.Options{MaxClicks: 1}}, link.Visit{Method: "HEAD"}, limited(302, link.Check)},
		{"maxClicks, a program", link.Link{Options: link.Options{MaxClicks: 1}}, link.Visit{Program: true}, limited(302, link.Check)},
		{"exhausted", link.Link{Options: link.Options{MaxClicks: 1}}, link.Visit{Exhausted: true}, gone(link.Exhausted)},
		{"exhausted, a program", link.Link{Options: link.Options{MaxClicks: 1}}, link.Visit{Exhausted: true, Program: true}, gone(link.Exhausted)},
		{"exhausted with expiredUrl", link.Link{Options: link.Options{MaxClicks: 1, ExpiredURL: bye}}, link.Visit{Exhausted: true}, moved(link.Exhausted)},
		{"exhausted and expired", link.Link{ExpiresAt: now, Options: link.Options{MaxClicks: 1}}, link.Visit{Exhausted: true}, gone(link.Expired)},
		{"a limit that was removed", link.Link{}, link.Visit{Exhausted: true}, follow(302, home, revalidate)},
	}.run(t)
}

func TestDecideByPassword(t *testing.T) {
	decisions{
		{"password", link.Link{Options: link.Options{Password: "x"}}, link.Visit{}, form(200, link.NoUse)},
		{"password, HEAD", link.Link{Options: link.Options{Password: "x"}}, link.Visit{Method: "HEAD"}, form(200, link.NoUse)},
		{"password, a program", link.Link{Options: link.Options{Password: "x"}}, link.Visit{Program: true}, form(200, link.NoUse)},
		{"wrong password", link.Link{Options: link.Options{Password: "x"}}, link.Visit{Method: "POST"}, form(403, link.NoUse)},
		{"right password", link.Link{Redirect: 308, Options: link.Options{Password: "x"}}, link.Visit{Method: "POST", PasswordOK: true}, limited(303, link.NoUse)},
		{"password and maxClicks", link.Link{Options: link.Options{Password: "x", MaxClicks: 1}}, link.Visit{}, form(200, link.Check)},
		{"wrong password and maxClicks", link.Link{Options: link.Options{Password: "x", MaxClicks: 1}}, link.Visit{Method: "POST"}, form(403, link.Check)},
		{"right password and maxClicks", link.Link{Options: link.Options{Password: "x", MaxClicks: 1}}, link.Visit{Method: "POST", PasswordOK: true}, limited(303, link.Take)},
		{"password, exhausted", link.Link{Options: link.Options{Password: "x", MaxClicks: 1}}, link.Visit{Exhausted: true}, gone(link.Exhausted)},
		{"password, expired", link.Link{ExpiresAt: now, Options: link.Options{Password: "x"}}, link.Visit{PasswordOK: true}, gone(link.Expired)},
	}.run(t)
}

func TestDecideByQuery(t *testing.T) {
	decisions{
		{"query is not forwarded", link.Link{}, link.Visit{Query: "b=2"}, follow(302, home, revalidate)},
		{"query is forwarded", link.Link{Options: link.Options{ForwardQuery: true}}, link.Visit{Query: "b=2&a=3"}, follow(302, "https://example.com/home?b=2&a=3#top", revalidate)},
		{"no query to forward", link.Link{Options: link.Options{ForwardQuery: true}}, link.Visit{Query: "&"}, follow(302, home, revalidate)},
		{"UTM", link.Link{Options: link.Options{UTM: link.UTM{Source: "news letter", Content: "ä&b"}}}, link.Visit{},
			follow(302, "https://example.com/home?a=1&utm_source=news+letter&utm_content=%C3%A4%26b#top", revalidate)},
		{"UTM and the visitor's", link.Link{Options: link.Options{ForwardQuery: true, UTM: link.UTM{Source: "s", Medium: "m", Campaign: "c", Term: "t"}}},
			link.Visit{Query: "utm%5Fsource=v"}, follow(302, "https://example.com/home?a=1&utm_medium=m&utm_campaign=c&utm_term=t&utm%5Fsource=v#top", revalidate)},
		{"query too long", link.Link{Options: link.Options{ForwardQuery: true}}, link.Visit{Query: strings.Repeat("x", link.MaxURL-30)}, follow(302, home, revalidate)},
		{"expiredUrl stays as it is", link.Link{ExpiresAt: now, Options: link.Options{ForwardQuery: true, ExpiredURL: bye, UTM: link.UTM{Source: "s"}}},
			link.Visit{Query: "b=2"}, moved(link.Expired)},
	}.run(t)
}

func TestRules(t *testing.T) {
	german := []link.Rule{{Languages: []string{"de"}, URL: "de"}, {Languages: []string{"fr", "pt-BR"}, URL: "fr"}}
	apps := []link.Rule{
		{Countries: []string{"DE", "AT"}, Systems: []string{"iOS"}, URL: "app-de"},
		{Systems: []string{"iOS"}, URL: "app"},
		{Devices: []string{"tablet", "desktop"}, URL: "wide"},
	}
	split := []link.Rule{{Countries: []string{"DE"}, URL: "de"}, {Split: []link.Share{{"a", 1}, {"b", 2}, {"c", 1}}}}
	mixed := []link.Rule{{Languages: []string{"de"}, Countries: []string{"CH"}, URL: "de-ch"}, {Countries: []string{"CH"}, URL: "ch"}, {Languages: []string{"fr"}, URL: "fr"}}
	tests := []struct {
		name  string
		rules []link.Rule
		visit link.Visit
		want  string // "" is the link's own URL
	}{
		{"none", nil, link.Visit{Country: "DE"}, ""},
		{"nothing known", apps, link.Visit{}, ""},
		{"country and system", apps, link.Visit{Country: "AT", System: "iOS"}, "app-de"},
		{"system alone", apps, link.Visit{Country: "FR", System: "iOS", Device: "tablet"}, "app"},
		{"country alone", apps, link.Visit{Country: "AT", System: "Android"}, ""},
		{"device", apps, link.Visit{Device: "desktop"}, "wide"},

		{"no language", german, link.Visit{}, ""},
		{"language", german, link.Visit{Languages: []string{"de"}}, "de"},
		{"kind of a language", german, link.Visit{Languages: []string{"de-AT-1996"}}, "de"},
		{"in other case", german, link.Visit{Languages: []string{"PT-br"}}, "fr"},
		{"more general than the rule's", german, link.Visit{Languages: []string{"pt"}}, ""},
		{"another kind", german, link.Visit{Languages: []string{"pt-PT"}}, ""},
		{"same beginning", german, link.Visit{Languages: []string{"den", "de_AT"}}, ""},
		{"visitor's preference", german, link.Visit{Languages: []string{"en", "fr", "de"}}, "fr"},
		{"first rule", german, link.Visit{Languages: []string{"en", "de", "fr"}}, "de"},
		{"preference among matching rules", mixed, link.Visit{Country: "CH", Languages: []string{"fr", "de"}}, "fr"},
		{"first rule without languages", mixed, link.Visit{Country: "CH", Languages: []string{"it", "fr"}}, "ch"},
		{"rule after the first match", mixed, link.Visit{Country: "CH", Languages: []string{"de"}}, "de-ch"},

		{"before the split", split, link.Visit{Country: "DE", Random: 0.9}, "de"},
		{"split, lowest", split, link.Visit{}, "a"},
		{"split, end of the first", split, link.Visit{Random: 0.2499}, "a"},
		{"split, start of the second", split, link.Visit{Random: 0.25}, "b"},
		{"split, end of the second", split, link.Visit{Random: 0.7499}, "b"},
		{"split, highest", split, link.Visit{Random: 0.9999999999999999}, "c"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := link.Link{URL: "own", Redirect: 302, Options: link.Options{Rules: test.rules}}
			got := l.Decide(test.visit)
			want := "own"
			if test.want != "" {
				want = test.want
			}
			if got.Location != want || (got.CacheControl == "no-store") != (len(test.rules) > 0) {
				t.Errorf("got %+v, want %s", got, want)
			}
		})
	}
}

// TestSplitInProportion draws random numbers instead of choosing them.
func TestSplitInProportion(t *testing.T) {
	l := link.Link{Options: link.Options{Rules: []link.Rule{{Split: []link.Share{{"a", 700}, {"b", 200}, {"c", 100}}}}}}
	random := rand.New(rand.NewPCG(1, 2))
	counts := map[string]int{}
	for range 100_000 {
		counts[l.Decide(link.Visit{Random: random.Float64()}).Location]++
	}
	for to, want := range map[string]int{"a": 70_000, "b": 20_000, "c": 10_000} {
		if got := counts[to]; got < want-600 || got > want+600 { // 4 standard deviations
			t.Errorf("%s was chosen %d times, want about %d", to, got, want)
		}
	}
}

func TestForwardedQuery(t *testing.T) {
	tests := []struct{ to, query, want string }{
		{"https://e.com", "a=1", "https://e.com?a=1"},
		{"https://e.com/", "a=1", "https://e.com/?a=1"},
		{"https://e.com/?", "a=1", "https://e.com/?a=1"},
		{"https://e.com/#f?x", "a=1", "https://e.com/?a=1#f?x"},
		{"https://e.com/?A=1&b=%20&b=+&c", "b=3&b=4", "https://e.com/?A=1&c&b=3&b=4"},
		{"https://e.com/?x=a=b&y", "x=c=d&y=", "https://e.com/?x=c=d&y="},
		{"https://e.com/?%zz=1&q=1", "%zz=2&&q", "https://e.com/?%zz=2&q"},
		{"https://e.com/?q=ä", "r=ö&s=\"<>#\r\nSet-Cookie: a=b", "https://e.com/?q=ä&r=%C3%B6&s=%22%3C%3E%23%0D%0ASet-Cookie:%20a=b"},
	}
	for _, test := range tests {
		l := link.Link{URL: test.to, Options: link.Options{ForwardQuery: true}}
		if got := l.Decide(link.Visit{Query: test.query}).Location; got != test.want {
			t.Errorf("%s with %s: got %s, want %s", test.to, test.query, got, test.want)
		}
	}
}

// FuzzForwardedQuery checks that no query can change where a link leads, or break
// the header.
func FuzzForwardedQuery(f *testing.F) {
	for _, seed := range []string{"", "a=1&b", "?x#y", "a=%00\r\n", "//evil.example/", "@evil.example", "ä=ö&&"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		l := link.Link{URL: home, Options: link.Options{ForwardQuery: true, UTM: link.UTM{Source: query}}}
		got := link.Location(l.Decide(link.Visit{Query: query}).Location)
		if !strings.HasPrefix(got, "https://example.com/home?") || !strings.HasSuffix(got, "#top") || strings.Count(got, "#") != 1 {
			t.Fatalf("%q leads to %q", query, got)
		}
		for _, c := range []byte(got) {
			if c <= ' ' || c >= 0x7f {
				t.Fatalf("%q is sent as %q", query, got)
			}
		}
	})
}

func BenchmarkDecide(b *testing.B) {
	l := link.Link{URL: home, Redirect: 302}
	v := link.Visit{Time: now, Method: "GET"}
	b.ReportAllocs()
	for b.Loop() {
		l.Decide(v)
	}
}
