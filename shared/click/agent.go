package click

import "strings"

// maxAgent is how much of a User-Agent is read, in bytes.
const maxAgent = 512

// A mark is a text in a User-Agent and the name of what sends it.
type mark struct{ text, name string }

// named returns the name of the first mark that the agent contains, or "".
func named(agent string, marks []mark) string {
	for _, m := range marks {
		if strings.Contains(agent, m.text) {
			return m.name
		}
	}
	return ""
}

// contains reports whether the agent contains one of the texts.
func contains(agent string, texts ...string) bool {
	for _, text := range texts {
		if strings.Contains(agent, text) {
			return true
		}
	}
	return false
}

// describe names browser, system and device. All names are from our own lists:
// a visitor can invent a User-Agent, but not a counter.
func describe(agent string) (browser, system, device string) {
	if agent == "" {
		return "", "", ""
	}
	agent = agent[:min(len(agent), maxAgent)]
	system = systemOf(agent)
	return browserOf(agent), system, deviceOf(agent, system)
}

const (
	chrome = "Chrome"
	safari = "Safari"
)

// browserOf looks for apps that show pages themselves, then for browsers. Most of them
// also mention the browser whose engine they use, so the order matters.
func browserOf(agent string) string {
	name := named(agent, []mark{
		{"Instagram", "Instagram"}, {"Barcelona ", "Threads"},
		{"FBAN/Messenger", "Messenger"}, {"FB_IAB/MESSENGER", "Messenger"}, {"FB_IAB/Orca", "Messenger"},
		{"FBAN/", "Facebook"}, {"FBAV/", "Facebook"}, {"FB_IAB/", "Facebook"}, {"MetaIAB Facebook", "Facebook"},
		{"musical_ly", "TikTok"}, {"BytedanceWebview", "TikTok"}, {"trill_", "TikTok"}, {"TikTok", "TikTok"},
		{"Snapchat", "Snapchat"}, {"Pinterest/", "Pinterest"}, {"[Pinterest", "Pinterest"}, {"LinkedInApp", "LinkedIn"},
		{"Twitter for ", "Twitter"}, {"TwitterAndroid", "Twitter"}, {"Reddit/", "Reddit"},
		{"MicroMessenger", "WeChat"}, {"KAKAOTALK", "KakaoTalk"}, {" Line/", "LINE"}, {"NAVER(inapp", "Naver"},
		{"WhatsApp", "WhatsApp"}, {"Telegram", "Telegram"}, {"Viber/", "Viber"}, {"Slack", "Slack"}, {"Teams/", "Teams"},
		{"GSA/", "Google"}, {"DuckDuckGo/", "DuckDuckGo"}, {"Ddg/", "DuckDuckGo"},
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Opera", "Opera"}, {"OPT/", "Opera"}, {"OPX/", "Opera"}, {"OPiOS/", "Opera"},
		{"Vivaldi", "Vivaldi"}, {"SamsungBrowser", "Samsung Browser"}, {"YaBrowser", "Yandex"}, {"YaApp_", "Yandex"},
		{"Silk/", "Silk"}, {"UCBrowser", "UC Browser"}, {"UCWEB", "UC Browser"}, {"MiuiBrowser", "Mi Browser"},
		{"HuaweiBrowser", "Huawei Browser"}, {"HeyTapBrowser", "HeyTap Browser"}, {"VivoBrowser", "Vivo Browser"},
		{"QQBrowser", "QQ Browser"}, {"Whale/", "Whale"}, {"coc_coc_browser", "Coc Coc"}, {"Brave", "Brave"},
		{"SeaMonkey", Other}, {"PaleMoon", Other}, {"Waterfox", Other},
		{"FxiOS/", "Firefox"}, {"Focus/", "Firefox"}, {"Firefox/", "Firefox"},
		{"MSIE ", "Internet Explorer"}, {"Trident/", "Internet Explorer"},
		{"CriOS/", chrome}, {"Chrome/", chrome}, {"Safari/", safari},
	})
	switch {
	case name == chrome && derived(agent), name == safari && !strings.Contains(agent, "Version/"):
		return Other
	case name == "":
		return Other
	}
	return name
}

// derived reports whether a product follows Chrome's own User-Agent, which ends with Safari.
func derived(agent string) bool {
	_, after, _ := strings.Cut(agent, "Safari/")
	_, after, _ = strings.Cut(after, " ")
	product, _, isProduct := strings.Cut(after, "/")
	return isProduct && !strings.ContainsAny(product, " ()[];,:")
}

func systemOf(agent string) string {
	switch {
	case contains(agent, "Windows Phone", "Tizen", "Web0S", "webOS", "SMART-TV", "AppleTV", "Xbox", "PlayStation", "Nintendo"):
		return Other
	case strings.Contains(agent, "Windows"):
		return "Windows"
	case strings.Contains(agent, "CrOS"):
		return "ChromeOS"
	case strings.Contains(agent, "Android"):
		return "Android"
	case contains(agent, "iPhone", "iPad", "iPod"):
		return "iOS"
	case contains(agent, "Macintosh", "Mac OS X", "Mac_PowerPC"):
		return "macOS"
	case contains(agent, "Linux", "X11", "Ubuntu"):
		return "Linux"
	}
	return Other
}

func deviceOf(agent, system string) string {
	switch {
	case television(agent), contains(agent, "Xbox", "PlayStation", "Nintendo", "OculusBrowser", " Watch"):
		return Other
	case tablet(agent, system):
		return "tablet"
	case contains(agent, "Mobile", "Mobi/", "iPhone", "iPod", "Windows Phone", "Opera Mini", "BlackBerry", "BB10", "MIDP", "UCWEB"),
		system == "Android":
		return "mobile"
	case system != Other:
		return "desktop"
	}
	return Other
}

// television reports whether a User-Agent is a television's, or of a device attached to one.
func television(agent string) bool {
	return contains(agent, "; AFT", "SMART-TV", "SmartTV", "Smart TV", "smart-tv", "HbbTV", "NetCast", "Web0S", "NETTV", "BRAVIA", "AppleTV", "Apple TV",
		"GoogleTV", "Google TV", "Android TV", "AndroidTV", "CrKey", "Roku", "Chromecast", "MiTV", "MIBOX", "TV Safari", "Viera", "; AEO", "LG Browser", "VIDAA", "SHIELD Android")
}

// tablet reports whether a User-Agent is a tablet's. Browsers on Android leave out Mobile
// on tablets, but pages in apps mention it there, too; so models of the large makers follow.
func tablet(agent, system string) bool {
	if contains(agent, "iPad", "Tablet;", "PlayBook", "Kindle", "TouchPad") {
		return true
	}
	if system != "Android" {
		return false
	}
	if !strings.Contains(agent, "Mobile") && strings.Contains(agent, "AppleWebKit") && !strings.Contains(agent, "Opera Mini") {
		return true
	}
	if contains(agent, "SM-T", "SM-X", "SM-P", "GT-P", "Nexus 7", "Nexus 9", "Nexus 10", "Pixel C ", "Pixel C)", "Pixel Tablet", "MediaPad", "MatePad",
		"Lenovo TB", "; TB", " Tab ", " Pad ", "Tablet", "XiaoMi Pad", "Redmi Pad") {
		return true
	}
	_, fire, found := strings.Cut(agent, "; KF") // four or five letters name each of Amazon's tablets
	return found && len(fire) > 2 && fire[0] >= 'A' && fire[0] <= 'Z' && fire[1] >= 'A' && fire[1] <= 'Z'
}
