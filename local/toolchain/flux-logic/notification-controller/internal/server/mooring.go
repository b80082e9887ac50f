package server

import (
	"net/http"

	apiv1 "github.com/fluxcd/notification-controller/api/v1"
)

func init() {
	// As in 1.8, the only difference to it that matters for the types of Receivers that are used.
	defaultFluxAPIVersions["OCIRepository"] = "source.toolkit.fluxcd.io/v1"
	defaultFluxAPIVersions["ImageRepository"] = "image.toolkit.fluxcd.io/v1"
}

// Handler is what ListenAndServe serves.
func Handler(s *ReceiverServer) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(apiv1.ReceiverWebhookPath, http.HandlerFunc(s.handlePayload))
	return mux
}
