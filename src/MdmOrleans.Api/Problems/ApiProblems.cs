using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.Access;

namespace MdmOrleans.Api.Problems;

/// <summary>The refusals that the HTTP border gives by itself; what the twins refuse brings its own.</summary>
internal static class ApiProblems
{
    private const string LowerName = "1 to 63 lower-case letters, digits and hyphens, and does not start with a hyphen, e.g. berlin-shop";

    /// <summary>For routes, and for what has no word of its own in <see cref="ProblemCatalog"/>.</summary>
    public static Problem NotFound { get; } = new(ProblemKind.NotFound, "not_found", "There is nothing at this address.");

    public static Problem InboundSystemUnknown { get; } =
        new(ProblemKind.NotFound, "system_unknown", "Webhooks come from hr, itsm or disposal.");

    public static Problem InvalidTenantName { get; } = new(ProblemKind.Invalid, "invalid_name", $"The name of a tenant is {LowerName}.");

    public static Problem InvalidPolicyName { get; } = new(ProblemKind.Invalid, "invalid_name", $"The name of a policy is {LowerName}.");

    public static Problem KeyAboveOwn { get; } =
        new(ProblemKind.Forbidden, "key_above_own", "A key cannot make a key with more rights or more tenants than its own.");

    public static Problem KeyAmbiguous { get; } =
        new(ProblemKind.Conflict, "key_ambiguous", "Keys in several tenants have this name. Name the tenant with ?tenant=.");

    public static Problem TenantsUnknown(ImmutableArray<ProblemError> errors) =>
        new(ProblemKind.Unprocessable, "tenant_unknown", "A key can only see tenants that exist.") { Errors = errors };

    public static Problem Stale { get; } =
        new(ProblemKind.Stale, "version_mismatch", "The resource does not satisfy If-Match or If-None-Match. Reload it.");

    public static Problem Unavailable { get; } =
        new(ProblemKind.Unavailable, "unavailable", "The cluster or its database is not responding. Try again.");

    public static Problem TooManyFollowers { get; } =
        new(ProblemKind.Exhausted, "too_many_followers", "This server already serves as many access streams as it can. Try again.");

    public static Problem RateLimited { get; } =
        new(ProblemKind.Exhausted, "rate_limited", "This key sends more requests than Limits:RequestsPerSecond allows; try again after Retry-After.");

    public static Problem AddressRateLimited { get; } =
        new(ProblemKind.Exhausted, "rate_limited", "This address sends too many requests without a valid key; try again after Retry-After.");

    public static Problem TooManyConcurrent { get; } =
        new(ProblemKind.Exhausted, "too_many_concurrent", "As many requests to this tenant as Limits:ConcurrentRequests allows are being answered; try again.");

    public static Problem TooManyStreams { get; } =
        new(ProblemKind.Exhausted, "too_many_concurrent", "As many streams of this tenant as Limits:Streams allows are open; close one, or try again.");

    public static Problem PreviewBusy { get; } =
        new(ProblemKind.Exhausted, "preview_busy", "Too many previews are waiting, and they run one at a time. Try again.");

    public static Problem ProxyUntrusted { get; } = new(
        ProblemKind.Forbidden, "proxy_untrusted", "This address is not in Access:TrustedProxies, so it may not name a device.");

    public static Problem MassEffect(long affected, long judged) => new(
        ProblemKind.Conflict,
        "mass_effect",
        $"It would take access from {affected} of {judged} devices, now or when their grace ends. Send it again with ?confirm= and the word in 'confirm' if that is meant.");

    public static Problem AccessRefused(AccessLevel level, string reason) =>
        new(ProblemKind.Forbidden, "access_refused", $"The device has access '{level.ToWire()}': {reason}.");

    public static Problem TooLarge(long limit) => new(ProblemKind.TooLarge, "too_large", $"The body is larger than {limit} bytes.");

    public static Problem ParametersTooLarge(int limit) =>
        new(ProblemKind.TooLarge, "parameters_too_large", $"parameters is larger than {limit} bytes.");

    /// <param name="pointer">The member that names it.</param>
    public static Problem PolicyUnknown(string pointer) =>
        ProblemCatalog.PolicyNotFound with { Errors = [new ProblemError(pointer, "does not exist")] };

    /// <summary>The same, and where the request names the policy if that is what is wrong.</summary>
    public static Problem WithPolicyAt(this Problem problem, string pointer) =>
        problem.Code == ProblemCatalog.PolicyNotFound.Code ? PolicyUnknown(pointer) : problem;

    public static Problem Malformed(string detail) => ProblemCatalog.MalformedJson(detail);

    public static Problem MalformedCsv(string detail) => new(ProblemKind.Invalid, "malformed_csv", detail);

    public static Problem InvalidBody(ImmutableArray<ProblemError> errors) =>
        new(ProblemKind.Invalid, "invalid_body", "The body is not valid. The member 'errors' says where.") { Errors = errors };

    public static Problem InvalidQuery(string detail) => new(ProblemKind.Invalid, "invalid_query", detail);

    public static Problem InvalidHeader(string detail) => new(ProblemKind.Invalid, "invalid_header", detail);

    public static Problem NotReady(string checks) => new(ProblemKind.Unavailable, "not_ready", $"Not ready: {checks}.");
}
