package table

import (
	"crypto/sha256"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/link"
)

// Every key of every table is made here, and nowhere else.

// timeFormat is how times are stored: RFC 3339 in UTC with fixed milliseconds,
// so that the order of the texts is the order of the times.
const timeFormat = "2006-01-02T15:04:05.000Z"

// clickShards is how many partition keys one link's clicks of one day are spread
// over. A partition takes 1,000 write units a second, a click in a transaction two of
// them, ids that follow the time keep DynamoDB from splitting one that is hot, and
// each transaction has clicks in most of them: so many that they fall on a table's
// partitions evenly (docs/scale.md). A new number takes messages that are redelivered across
// the deployment for new ones.
const clickShards = 512

func stamp(t time.Time) string { return t.UTC().Format(timeFormat) }

func parseStamp(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.Parse(timeFormat, s)
}

// ClickShard is the partition of a raw click: the link's ID#yyyy-mm-dd#n.
func ClickShard(linkID string, at time.Time, id string) string {
	return clickPartition(linkID, at, clickShard(id))
}

func clickPartition(linkID string, at time.Time, shard int) string {
	return fmt.Sprintf("%s#%s#%d", linkID, day(at), shard)
}

// clickShard is the number of a raw click's shard.
func clickShard(id string) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32() % clickShards)
}

// The buckets of a link's counters in the stats table.
const (
	totalBucket   = "total"
	dayPrefix     = "day#"
	quarterKind   = "quarter#"
	quarterFormat = "2006-01-02T15:04"
	limitBucket   = "limit" // of the clicks that a maximum allows
)

func dayBucket(t time.Time) string { return dayPrefix + day(t) }

func quarterBucket(t time.Time) string {
	return quarterKind + t.UTC().Truncate(click.Quarter).Format(quarterFormat)
}

func quarterOfBucket(bucket string) (time.Time, error) {
	return time.Parse(quarterKind+quarterFormat, bucket)
}

func dayOfBucket(bucket string) (time.Time, error) {
	return time.Parse(dayPrefix+time.DateOnly, bucket)
}

// counterPartition is the partition of a shard of a link's counters: the link's ID, and
// for all but the first shard ID~n. No ID contains a ~.
func counterPartition(linkID string, shard int) string {
	if shard == 0 {
		return linkID
	}
	return fmt.Sprintf("%s~%02d", linkID, shard)
}

// signInID is the key of a sign-in under way, in the sessions table. No session's ID contains a #.
func signInID(id string) string { return "signin#" + id }

// keyCountID is the key of the number of an owner's API keys, in their table. No ID of a key contains a #.
func keyCountID(owner string) string { return "count#" + owner }

// The items of the spaces table: of a space itself, of its members and invitations, and of a person the list of
// their spaces and the number of invitations on a day. No ID of a person or a space contains a #.
const (
	spaceItem        = "space"
	memberPrefix     = "member#"
	invitationPrefix = "invitation#"
	personItem       = "spaces"
	mailsPrefix      = "mails#"
)

// spaceKey is the key of an item of a space or a person in the spaces table.
func spaceKey(id, item string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"space": textValue(id), "item": textValue(item)}
}

// idKey is the key of an item of images, reports, API keys, sessions and idempotency records.
func idKey(id string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"id": textValue(id)}
}

// linkKey is the key of a link.
func linkKey(code string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"code": textValue(code)}
}

// counterKey is the key of one counter item of a link. The attribute is called code
// since counters belonged to codes: a table's key cannot be renamed.
func counterKey(linkID string, shard int, bucket string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"code": textValue(counterPartition(linkID, shard)), "bucket": textValue(bucket)}
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// ownerDay is the key of an owner's day in the index that reports read.
func ownerDay(owner string, t time.Time) string { return owner + "#" + day(t) }

// contentID is the key of an image's processed content in the images table.
func contentID(sha256, recipe string) string { return "content#" + sha256 + "#" + recipe }

// contentOfID takes a contentID apart.
func contentOfID(id string) (sha256, recipe string, ok bool) {
	rest, ok := strings.CutPrefix(id, "content#")
	if !ok {
		return "", "", false
	}
	return strings.Cut(rest, "#")
}

// indexPartitions is how many partitions the index of unfinished items is spread
// over, each good for 1,000 changes a second.
const indexPartitions = 8

// indexPartition is the partition of that index in which an item of the images
// table is found.
func indexPartition(id string) string {
	h := fnv.New32a()
	h.Write([]byte(id))
	return partitionName(int(h.Sum32() % indexPartitions))
}

func partitionName(n int) string { return strconv.Itoa(n) }

// idempotencyID is the key of an idempotency record. It is a digest: both
// texts are chosen by others and may be long.
func idempotencyID(owner, key string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(owner+"\x00"+key)))
}

// reportMail is the claim on a report's mail, in the reports table.
func reportMail(id string) string { return "mail#" + id }

// indexList is an owner's list of the links with a term. No owner contains a #.
func indexList(owner, term string) string { return owner + "#" + term }

// historyKey is the place of a version in the history of a link.
func historyKey(l link.Link) string { return fmt.Sprintf("%s#%09d", stamp(l.UpdatedAt), l.Version) }

// indexKey is the key of an entry: the owner's list of a term, and in it the place of the
// link by the time when it was created.
func indexKey(l link.Link, term string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"list": textValue(indexList(l.Owner, term)),
		"at":   textValue(stamp(l.CreatedAt) + "#" + l.ID + "#" + l.Code),
	}
}

// abuseList is the list of abuse reports. No owner's list is called so: it would contain a #.
const abuseList = "!abuse"

// abuseKey is the key of an abuse report, whose ID is ordered by time.
func abuseKey(id string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"list": textValue(abuseList), "at": textValue(id)}
}

// attemptsID is the key of a visitor's attempts at a link's password, in the
// idempotency table: of its items, too, TTL deletes the old ones.
func attemptsID(link, visitor string) string {
	return fmt.Sprintf("attempts#%x", sha256.Sum256([]byte(link+"\x00"+visitor)))
}

// rankKey is the key of the entry by which a link with clicks is sorted.
func rankKey(owner, linkID string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"list": textValue(indexList(owner, "r")), "at": textValue(linkID)}
}
