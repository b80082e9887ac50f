// Package mooring is added to a copy of the released module, because only packages inside it may import its internal ones.
package mooring

import (
	"fmt"
	"net/http"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/fluxcd/notification-controller/internal/notifier"
	"github.com/fluxcd/notification-controller/internal/server"
)

// PathIndex and PathOf are the index that the webhook server looks Receivers up in.
const PathIndex = server.WebhookPathIndexKey

// PathOf is the path in a Receiver's status.
var PathOf = server.IndexReceiverWebhookPath

// Handler is the webhook server, as it runs under the chart's lockdown.
func Handler(cluster client.Client) http.Handler {
	return server.Handler(server.NewReceiverServer("", logr.Discard(), cluster, true, false))
}

// Provider is what matters of a Provider and of its Secret.
type Provider struct {
	Type     string            `json:"type"`
	Address  string            `json:"address"`
	Channel  string            `json:"channel"`
	Username string            `json:"username"`
	Token    string            `json:"token"`
	Headers  map[string]string `json:"headers"`
}

// Notifier is what factory.go makes of a Provider, for the types of it that are kept in the copy.
func Notifier(of Provider, proxy string) (notifier.Interface, error) {
	switch of.Type {
	case "slack":
		return notifier.NewSlack(of.Address, proxy, of.Token, nil, of.Username, of.Channel)
	case "discord":
		return notifier.NewDiscord(of.Address, proxy, of.Username, of.Channel)
	case "msteams":
		return notifier.NewMSTeams(of.Address, proxy, nil)
	case "generic":
		return notifier.NewForwarder(of.Address, proxy, of.Headers, nil, nil)
	case "generic-hmac":
		return notifier.NewForwarder(of.Address, proxy, of.Headers, nil, []byte(of.Token))
	}
	return nil, fmt.Errorf("a Provider of type %q is not built in here", of.Type)
}
