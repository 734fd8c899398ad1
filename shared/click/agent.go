package click

import (
	"strings"

	"github.com/mileusna/useragent"
)

// maxAgent is how much of a User-Agent is looked at, in bytes.
const maxAgent = 512

// robots are what gives robots away in a User-Agent that useragent takes for a
// browser: crawlers, link previews of messengers and social networks, office
// programs that look before they open a browser, monitors and headless
// browsers. In lower case, separated by bars.
const robots = "bot|crawl|spider|slurp|scrap|archiver|preview|imgproxy|imageproxy|embedly|iframely|" +
	"facebookexternalhit|facebookcatalog|meta-external|vkshare|flipboardproxy|quora link|" +
	"google-inspectiontool|googleother|mediapartners-google|apis-google|feedfetcher|google-read-aloud|" +
	"microsoft office|ms-office|validator|linkcheck|link check|lighthouse|pagespeed|gtmetrix|pingdom|statuscake|" +
	"headless|phantomjs|puppeteer|prerender|httrack|heritrix|zgrab|masscan"

// robot reports whether a User-Agent is a program's that nobody looks at.
func robot(agent string) bool {
	agent = agent[:min(len(agent), maxAgent)]
	lower := strings.ToLower(agent)
	// The only thing WhatsApp and Signal fetch themselves are previews; pages open in a browser.
	if strings.HasPrefix(lower, "whatsapp/") || strings.HasPrefix(lower, "tumblr/") {
		return true
	}
	lower = strings.ReplaceAll(lower, "cubot", "") // a maker of phones
	for sign := range strings.SplitSeq(robots, "|") {
		if strings.Contains(lower, sign) {
			return true
		}
	}
	// Whoever puts an address into their name wants to be asked about their robot.
	return strings.Contains(lower, "http://") || strings.Contains(lower, "https://") || strings.Contains(lower, "+www.")
}

// describe names browser, system and device. All names are from lists of ours:
// a visitor can invent a User-Agent, but not a counter.
func describe(agent string) (browser, system, device string) {
	if agent == "" {
		return "", "", ""
	}
	ua := useragent.Parse(agent[:min(len(agent), maxAgent)])
	return browserOf(ua), systemOf(ua), deviceOf(ua)
}

func browserOf(ua useragent.UserAgent) string {
	switch ua.Name {
	case useragent.Chrome, useragent.Firefox, useragent.Edge, useragent.Opera, useragent.Vivaldi, useragent.SamsungBrowser, "DuckDuckGo":
		return ua.Name
	case useragent.Safari, useragent.MobileSafari:
		return useragent.Safari
	case useragent.OperaMini, useragent.OperaTouch:
		return useragent.Opera
	case useragent.InternetExplorer, "Trident":
		return useragent.InternetExplorer
	case "YaBrowser":
		return "Yandex"
	case useragent.FacebookApp, useragent.InstagramApp, useragent.TiktokApp:
		return strings.TrimSuffix(ua.Name, " App")
	default:
		return Other
	}
}

func systemOf(ua useragent.UserAgent) string {
	switch ua.OS {
	case useragent.Windows, useragent.MacOS, useragent.IOS, useragent.Android, useragent.Linux, useragent.ChromeOS:
		return ua.OS
	default:
		return Other
	}
}

func deviceOf(ua useragent.UserAgent) string {
	switch {
	case ua.Tablet, ua.IsAndroid() && !strings.Contains(ua.String, "Mobile") && ua.Name == useragent.Chrome:
		return "tablet" // Chrome on Android leaves "Mobile" out on tablets
	case ua.Mobile:
		return "mobile"
	case ua.Desktop, ua.IsChromeOS():
		return "desktop"
	default:
		return Other
	}
}
