package console

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// shownTable is a table in a list.
type shownTable struct {
	Name    string
	Items   int64
	Bytes   int64
	Key     []keyPart
	Indexes []tableIndex
	Stream  string // the stream's view type, or ""
}

type keyPart struct{ Name, Type string }

// tableIndex is a key to query by: that of the table or of an index.
type tableIndex struct {
	Name string // "" means the table itself
	Key  []keyPart
}

func (c *Console) describe(ctx context.Context, name string) (shownTable, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	out, err := c.o.Tables.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
	var unknown *types.ResourceNotFoundException
	if errors.As(err, &unknown) {
		return shownTable{}, missing("There is no table %q.", name)
	}
	if err != nil {
		return shownTable{}, away("DynamoDB", err)
	}
	t := out.Table
	kinds := map[string]string{}
	for _, a := range t.AttributeDefinitions {
		kinds[aws.ToString(a.AttributeName)] = string(a.AttributeType)
	}
	key := func(schema []types.KeySchemaElement) (parts []keyPart) {
		for _, e := range schema {
			parts = append(parts, keyPart{aws.ToString(e.AttributeName), kinds[aws.ToString(e.AttributeName)]})
		}
		return parts
	}
	shown := shownTable{Name: name, Items: aws.ToInt64(t.ItemCount), Bytes: aws.ToInt64(t.TableSizeBytes), Key: key(t.KeySchema)}
	shown.Indexes = []tableIndex{{Key: shown.Key}}
	for _, i := range t.GlobalSecondaryIndexes {
		shown.Indexes = append(shown.Indexes, tableIndex{aws.ToString(i.IndexName), key(i.KeySchema)})
	}
	for _, i := range t.LocalSecondaryIndexes {
		shown.Indexes = append(shown.Indexes, tableIndex{aws.ToString(i.IndexName), key(i.KeySchema)})
	}
	if s := t.StreamSpecification; s != nil && aws.ToBool(s.StreamEnabled) {
		shown.Stream = string(s.StreamViewType)
	}
	return shown, nil
}

func (c *Console) tables(w http.ResponseWriter, r *http.Request) {
	var all []shownTable
	for _, name := range c.o.Plan.Tables {
		t, err := c.describe(r.Context(), name)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		all = append(all, t)
	}
	c.show(w, r, view{name: "tables", section: "tables", title: "Tables", data: all})
}

type tablePage struct {
	shownTable
	Index, Partition, Sort string
	Columns                []string
	Rows                   []tableRow
	Next                   string // the key after which the next page begins
	Paged                  bool   // this is not the first page
	Error                  string // the error in the query
}

type tableRow struct {
	Key   string // in URLs
	Cells []string
}

const (
	pageItems  = 25
	mostFields = 6 // columns of a page
	cellLength = 60
)

func (c *Console) table(w http.ResponseWriter, r *http.Request) {
	t, err := c.describe(r.Context(), r.PathValue("name"))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page := tablePage{shownTable: t, Index: r.FormValue("index"), Partition: r.FormValue("key"), Sort: r.FormValue("sort"), Paged: r.FormValue("after") != ""}
	after, err := decodeKey(r.FormValue("after"))
	if err != nil {
		c.fail(w, r, invalid("“after” is not the key of an item."))
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerTime)
	defer cancel()
	items, last, err := c.read(ctx, page, after)
	v := view{name: "table", section: "tables", title: c.short(t.Name)}
	if err != nil {
		page.Error, v.status = err.Error(), http.StatusBadGateway
		if p := (problem{}); errors.As(err, &p) {
			v.status = p.status
		}
	}
	page.fill(items, last)
	v.data = page
	c.show(w, r, v)
}

// read queries a partition, if one is given, and otherwise scans the table.
func (c *Console) read(ctx context.Context, p tablePage, after map[string]types.AttributeValue) (items []map[string]types.AttributeValue, last map[string]types.AttributeValue, err error) {
	i := slices.IndexFunc(p.Indexes, func(i tableIndex) bool { return i.Name == p.Index })
	if i < 0 {
		return nil, nil, invalid("The table has no index %q.", p.Index)
	}
	index := p.Indexes[i]
	var name *string
	if index.Name != "" {
		name = &index.Name
	}
	if p.Partition == "" {
		out, err := c.o.Tables.Scan(ctx, &dynamodb.ScanInput{TableName: &p.Name, IndexName: name, Limit: aws.Int32(pageItems), ExclusiveStartKey: after})
		if err != nil {
			return nil, nil, away("DynamoDB", err)
		}
		return out.Items, out.LastEvaluatedKey, nil
	}
	condition := "#p = :p"
	names := map[string]string{"#p": index.Key[0].Name}
	values := map[string]types.AttributeValue{":p": keyValue(index.Key[0], p.Partition)}
	if p.Sort != "" && len(index.Key) > 1 {
		names["#s"], values[":s"] = index.Key[1].Name, keyValue(index.Key[1], p.Sort)
		if index.Key[1].Type == "S" {
			condition += " AND begins_with(#s, :s)"
		} else {
			condition += " AND #s = :s"
		}
	}
	out, err := c.o.Tables.Query(ctx, &dynamodb.QueryInput{
		TableName: &p.Name, IndexName: name, Limit: aws.Int32(pageItems), ExclusiveStartKey: after,
		KeyConditionExpression: &condition, ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	})
	if err != nil {
		return nil, nil, invalid("The query failed: %v", err)
	}
	return out.Items, out.LastEvaluatedKey, nil
}

func keyValue(part keyPart, text string) types.AttributeValue {
	switch part.Type {
	case "N":
		return &types.AttributeValueMemberN{Value: text}
	case "B":
		return &types.AttributeValueMemberB{Value: []byte(text)}
	default:
		return &types.AttributeValueMemberS{Value: text}
	}
}

// fill converts items to rows: first the key, then the most common attributes.
func (p *tablePage) fill(items []map[string]types.AttributeValue, last map[string]types.AttributeValue) {
	often := map[string]int{}
	for _, item := range items {
		for name := range item {
			often[name]++
		}
	}
	for _, part := range p.Key {
		p.Columns = append(p.Columns, part.Name)
		delete(often, part.Name)
	}
	var others []string
	for name := range often {
		others = append(others, name)
	}
	slices.SortFunc(others, func(a, b string) int { return cmp.Or(often[b]-often[a], cmp.Compare(a, b)) })
	p.Columns = append(p.Columns, others[:min(len(others), max(0, mostFields-len(p.Columns)))]...)
	for _, item := range items {
		row := tableRow{Key: encodeKey(p.keyOf(item))}
		for _, name := range p.Columns {
			row.Cells = append(row.Cells, first(cellLength, cell(item[name])))
		}
		p.Rows = append(p.Rows, row)
	}
	if len(last) > 0 {
		p.Next = encodeKey(last)
	}
}

func (t shownTable) keyOf(item map[string]types.AttributeValue) map[string]types.AttributeValue {
	key := map[string]types.AttributeValue{}
	for _, part := range t.Key {
		key[part.Name] = item[part.Name]
	}
	return key
}

// item shows one item of a table.
func (c *Console) item(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	key, err := decodeKey(r.FormValue("key"))
	if err != nil || len(key) == 0 {
		c.fail(w, r, invalid("“key” is not the key of an item."))
		return
	}
	if _, err := c.describe(r.Context(), name); err != nil {
		c.fail(w, r, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerTime)
	defer cancel()
	out, err := c.o.Tables.GetItem(ctx, &dynamodb.GetItemInput{TableName: &name, Key: key, ConsistentRead: aws.Bool(true)})
	if err != nil {
		c.fail(w, r, away("DynamoDB", err))
		return
	}
	if out.Item == nil {
		c.fail(w, r, missing("The table %s has no such item.", name))
		return
	}
	text, err := json.Marshal(plain(&types.AttributeValueMemberM{Value: out.Item}))
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.show(w, r, view{name: "item", section: "tables", title: "Item of " + c.short(name), data: map[string]any{
		"Table": name, "Key": plain(&types.AttributeValueMemberM{Value: key}), "Item": text,
	}, program: json.RawMessage(text)})
}

// plain converts a value for JSON. Numbers keep all digits; bytes become base64.
func plain(v types.AttributeValue) any {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return json.Number(v.Value)
	case *types.AttributeValueMemberBOOL:
		return v.Value
	case *types.AttributeValueMemberB:
		return v.Value
	case *types.AttributeValueMemberSS:
		return v.Value
	case *types.AttributeValueMemberBS:
		return v.Value
	case *types.AttributeValueMemberNS:
		all := make([]json.Number, len(v.Value))
		for i, n := range v.Value {
			all[i] = json.Number(n)
		}
		return all
	case *types.AttributeValueMemberL:
		all := make([]any, len(v.Value))
		for i, e := range v.Value {
			all[i] = plain(e)
		}
		return all
	case *types.AttributeValueMemberM:
		all := make(map[string]any, len(v.Value))
		for name, e := range v.Value {
			all[name] = plain(e)
		}
		return all
	}
	return nil
}

// cell formats a value in one line.
func cell(v types.AttributeValue) string {
	switch v := v.(type) {
	case nil:
		return ""
	case *types.AttributeValueMemberS:
		return v.Value
	}
	text, err := json.Marshal(plain(v))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// encodeKey encodes a key for a URL.
func encodeKey(key map[string]types.AttributeValue) string {
	plain := map[string][2]string{}
	for name, v := range key {
		switch v := v.(type) {
		case *types.AttributeValueMemberS:
			plain[name] = [2]string{"S", v.Value}
		case *types.AttributeValueMemberN:
			plain[name] = [2]string{"N", v.Value}
		case *types.AttributeValueMemberB:
			plain[name] = [2]string{"B", string(v.Value)}
		}
	}
	text, _ := json.Marshal(plain) // cannot fail: only strings
	return base64.RawURLEncoding.EncodeToString(text)
}

func decodeKey(text string) (map[string]types.AttributeValue, error) {
	if text == "" {
		return nil, nil
	}
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	var plain map[string][2]string
	if err := json.Unmarshal(decoded, &plain); err != nil {
		return nil, err
	}
	key := map[string]types.AttributeValue{}
	for name, v := range plain {
		key[name] = keyValue(keyPart{Type: v[0]}, v[1])
	}
	return key, nil
}
