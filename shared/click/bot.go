package click

import (
	_ "embed"
	"strings"
)

// bots are the signs of known bots: make bots. A line has a sign in lower case, a tab
// and the bot's name; the lines are in order of bytes. The text is searched as it is,
// so that it costs nothing at start.
//
//go:embed bots.txt
var bots string

// minSign is the length of the shortest sign, as in infra/bots.
const minSign = 3

// signs reveal bots that are not on the list, anywhere in a User-Agent: crawlers, link
// previews, monitors, automated browsers and libraries. In lower case, separated by bars.
const signs = "-user/|2>&1|analyzer|archive|audit|checker|crawl|dareboost|download demon|downloader|downloadmanager|" +
	"embedly|externalagent|externalhit|favicon|feedparser|fetch|gomezagent|googlemessages|googleother|" +
	"gtmetrix|guzzle|harvest|headless|healthcheck|heritrix|http|httrack|iframely|imageproxy|imgproxy|inspect|" +
	"java/|javascript:|library|lighthouse|linkcheck|masscan|mediapartners-google|microsoft office|monitor|" +
	"ms-office|nagios|page speed|pagespeed|parser|phantomjs|pingdom|playwright|postman|prerender|preview|puppeteer|" +
	"pycurl|python|quora link|read-aloud|retriever|rss reader|scanner|scrap|selenium|slurp|spider|statuscake|survey|" +
	"synthetic|unfurl|uptime|url|validator|vkshare|wappalyzer|webdav|wget|zgrab"

// programs begin the User-Agent of bots, among them apps that fetch pages themselves only for
// previews: a page that somebody opens in such an app has a browser's User-Agent.
const programs = "bot|php/|ruby|perl|snapchat/|tumblr/|viber|whatsapp|wordpress|<|&lt;|{"

// browsers are browsers with an address, or nothing else than their own name, in their User-Agent.
const browsers = "avantbrowser.com|bsalsa.com|amiga-aweb/|elinks/|googleapp/"

// botOf returns the name of the bot that a User-Agent belongs to, Other if it is not on
// the list, and "" for a person's.
func botOf(agent string) string {
	lower := strings.ToLower(agent[:min(len(agent), maxAgent)])
	if name := listed(lower); name != "" {
		return name
	}
	if generic(lower) {
		return Other
	}
	return ""
}

// listed returns the name of the first known bot in a User-Agent in lower case.
func listed(agent string) string {
	if _, name := prefixOf("^" + agent); name != "" {
		return name
	}
	word := false
	for i := range len(agent) {
		before := word
		if word = isWord(agent[i]); !word || before {
			continue
		}
		if _, name := prefixOf(agent[i:]); name != "" {
			return name
		}
	}
	return ""
}

// prefixOf returns the longest sign that text begins with, and the bot's name.
func prefixOf(text string) (sign, name string) {
	for len(text) >= minSign {
		sign, name := lastUpTo(text)
		same := commonPrefix(sign, text)
		if same == len(sign) {
			return sign, name
		}
		text = text[:same] // any shorter sign is a beginning of both
	}
	return "", ""
}

// lastUpTo returns the last line whose sign is not after text.
func lastUpTo(text string) (sign, name string) {
	low, high := 0, len(bots) // both begin a line; the line is at low or before high
	for low < high {
		begin := strings.LastIndexByte(bots[:(low+high)/2], '\n') + 1
		end := begin + strings.IndexByte(bots[begin:], '\n')
		at, of, _ := strings.Cut(bots[begin:end], "\t")
		if at <= text {
			sign, name = at, of
			low = end + 1
		} else {
			high = begin
		}
	}
	return sign, name
}

func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

func isWord(b byte) bool { return 'a' <= b && b <= 'z' || '0' <= b && b <= '9' }

// generic reports whether a User-Agent in lower case looks like a bot's.
func generic(agent string) bool {
	for known := range strings.SplitSeq(browsers, "|") {
		if strings.Contains(agent, known) {
			return false
		}
	}
	for sign := range strings.SplitSeq(signs, "|") {
		if strings.Contains(agent, sign) {
			return true
		}
	}
	for program := range strings.SplitSeq(programs, "|") {
		if strings.HasPrefix(agent, program) {
			return true
		}
	}
	return botWord(agent) || bare(agent) || mail(agent)
}

// bare reports whether a User-Agent is a name and at most a version. Browsers also tell the
// system, and old phones their model, a name with digits.
func bare(agent string) bool {
	name, version, _ := strings.Cut(agent, "/")
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz-_.") == "" && !strings.ContainsAny(version, " (")
}

// mail reports whether a User-Agent contains the address of a mailbox.
func mail(agent string) bool {
	_, host, _ := strings.Cut(agent, "@")
	return host != "" && 'a' <= host[0] && host[0] <= 'z'
}

// botWord reports whether a word ends in bot or bots, other than Cubot, a maker of phones.
func botWord(agent string) bool {
	for {
		before, rest, found := strings.Cut(agent, "bot")
		if !found {
			return false
		}
		after := strings.TrimPrefix(rest, "s")
		if (after == "" || after[0] < 'a' || after[0] > 'z') && !strings.HasSuffix(before, "cu") {
			return true
		}
		agent = rest
	}
}
