package table

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/space"
)

// Spaces keeps spaces, their members and invitations. A space's partition holds all of these; a person's holds
// the IDs of their spaces.
type Spaces struct {
	db   *dynamodb.Client
	name string
}

// NewSpaces returns the spaces kept in the named table.
func NewSpaces(db *dynamodb.Client, name string) *Spaces { return &Spaces{db: db, name: name} }

var errNoSpace = fault.New(fault.NotFound, "There is no such space.")

// SpaceDetail is a space with its members and the invitations that have not been accepted or revoked, both in the order
// of their time. TTL deletes expired invitations days later.
type SpaceDetail struct {
	space.Space
	Members     []space.Member
	Invitations []space.Invitation
}

// Member returns a member of the space, or a NotFound fault.
func (d SpaceDetail) Member(person string) (space.Member, error) {
	at := slices.IndexFunc(d.Members, func(m space.Member) bool { return m.Person == person })
	if at < 0 {
		return space.Member{}, fault.New(fault.NotFound, "There is no such member.")
	}
	return d.Members[at], nil
}

// Role returns the role of a person in a space, or a NotFound fault. The read is consistent: a member who has been
// removed has none.
func (s *Spaces) Role(ctx context.Context, id, person string) (space.Role, error) {
	out, err := s.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.name, Key: spaceKey(id, memberPrefix+person), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return "", fmt.Errorf("get member of a space: %w", err)
	}
	if out.Item == nil {
		return "", errNoSpace
	}
	return space.Role(textOf(out.Item["role"])), nil
}

// Get returns a space with all that belongs to it, or a NotFound fault.
func (s *Spaces) Get(ctx context.Context, id string) (SpaceDetail, error) {
	var detail SpaceDetail
	pages := dynamodb.NewQueryPaginator(s.db, &dynamodb.QueryInput{
		TableName: &s.name, ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("#space = :space"),
		ExpressionAttributeNames:  map[string]string{"#space": "space"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":space": textValue(id)},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return SpaceDetail{}, fmt.Errorf("get space: %w", err)
		}
		for _, item := range page.Items {
			if err := detail.add(item); err != nil {
				return SpaceDetail{}, err
			}
		}
	}
	if detail.ID == "" {
		return SpaceDetail{}, errNoSpace
	}
	slices.SortStableFunc(detail.Members, func(a, b space.Member) int { return a.JoinedAt.Compare(b.JoinedAt) })
	slices.SortStableFunc(detail.Invitations, func(a, b space.Invitation) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return detail, nil
}

// add adds an item of the space's partition.
func (d *SpaceDetail) add(item map[string]types.AttributeValue) error {
	switch name := textOf(item["item"]); {
	case name == spaceItem:
		found, err := decodeSpace(item)
		d.Space = found
		return err
	case strings.HasPrefix(name, memberPrefix):
		joined, err := parseStamp(textOf(item["joinedAt"]))
		if err != nil {
			return fmt.Errorf("decode member of a space: %w", err)
		}
		d.Members = append(d.Members, space.Member{
			Person: strings.TrimPrefix(name, memberPrefix), Email: textOf(item["email"]), Role: space.Role(textOf(item["role"])), JoinedAt: joined,
		})
	case strings.HasPrefix(name, invitationPrefix):
		found, err := decodeInvitation(item)
		if err != nil {
			return err
		}
		d.Invitations = append(d.Invitations, found)
	}
	return nil
}

// Invitation returns an invitation, or a NotFound fault.
func (s *Spaces) Invitation(ctx context.Context, id, invitation string) (space.Invitation, error) {
	out, err := s.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.name, Key: spaceKey(id, invitationPrefix+invitation), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return space.Invitation{}, fmt.Errorf("get invitation: %w", err)
	}
	if out.Item == nil {
		return space.Invitation{}, errNoInvitation
	}
	return decodeInvitation(out.Item)
}

// Of returns the spaces of a person by name. The reads are consistent.
func (s *Spaces) Of(ctx context.Context, person string) ([]space.Membership, error) {
	out, err := s.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.name, Key: spaceKey(person, personItem), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, fmt.Errorf("get spaces of a person: %w", err)
	}
	var keys []map[string]types.AttributeValue
	if ids, ok := out.Item["spaces"].(*types.AttributeValueMemberSS); ok {
		for _, id := range ids.Value {
			keys = append(keys, spaceKey(id, spaceItem), spaceKey(id, memberPrefix+person))
		}
	}
	items, err := getAll(ctx, s.db, s.name, keys)
	if err != nil {
		return nil, err
	}
	roles, found := map[string]space.Role{}, []space.Membership{}
	for _, item := range items {
		roles[textOf(item["space"])] += space.Role(textOf(item["role"])) // only members have one
	}
	for _, item := range items {
		if textOf(item["item"]) != spaceItem || roles[textOf(item["space"])] == "" {
			continue
		}
		of, err := decodeSpace(item)
		if err != nil {
			return nil, err
		}
		found = append(found, space.Membership{Space: of, Role: roles[of.ID]})
	}
	slices.SortFunc(found, func(a, b space.Membership) int { return strings.Compare(a.Name+"\x00"+a.ID, b.Name+"\x00"+b.ID) })
	return found, nil
}

func decodeSpace(item map[string]types.AttributeValue) (space.Space, error) {
	created, err := parseStamp(textOf(item["createdAt"]))
	if err != nil {
		return space.Space{}, fmt.Errorf("decode space: %w", err)
	}
	return space.Space{ID: textOf(item["space"]), Name: textOf(item["name"]), CreatedAt: created}, nil
}

func decodeInvitation(item map[string]types.AttributeValue) (space.Invitation, error) {
	var wrong [2]error
	var created, expires time.Time
	created, wrong[0] = parseStamp(textOf(item["createdAt"]))
	expires, wrong[1] = parseStamp(textOf(item["expiresAt"]))
	if err := errors.Join(wrong[:]...); err != nil {
		return space.Invitation{}, fmt.Errorf("decode invitation: %w", err)
	}
	return space.Invitation{
		ID: strings.TrimPrefix(textOf(item["item"]), invitationPrefix), Space: textOf(item["space"]), Email: textOf(item["email"]),
		Role: space.Role(textOf(item["role"])), By: textOf(item["by"]), CreatedAt: created, ExpiresAt: expires,
	}, nil
}
