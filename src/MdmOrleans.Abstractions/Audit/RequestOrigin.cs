using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Abstractions.Audit;

/// <summary>Which request a change comes from. Travels in the request context of calls that change settings, and of no other call.</summary>
public static class RequestOrigin
{
    private const string ActorKey = "mdm.actor";
    private const string ViaKey = "mdm.via";
    private const string RequestKey = "mdm.request";
    private const string AddressKey = "mdm.address";

    /// <summary>For the calls that the current request makes from here on.</summary>
    /// <param name="actor">E.g. <c>key:admin</c>.</param>
    /// <param name="via">One of <see cref="AuditVia"/>.</param>
    /// <param name="requestId">At most 64 characters.</param>
    /// <param name="address">An IP address.</param>
    public static void Set(string actor, string via, string requestId, string? address)
    {
        RequestContext.Set(ActorKey, actor);
        RequestContext.Set(ViaKey, via);
        RequestContext.Set(RequestKey, requestId);
        if (address is not null)
        {
            RequestContext.Set(AddressKey, address);
        }
    }

    /// <summary>Who asked; <c>server</c> where no request did.</summary>
    public static string Actor => RequestContext.Get(ActorKey) as string ?? Actors.Server;

    /// <summary>The entry with what is known of the request; without one, it is as it was.</summary>
    public static AuditEntry From(AuditEntry entry) => entry with
    {
        Via = RequestContext.Get(ViaKey) as string,
        RequestId = RequestContext.Get(RequestKey) as string,
        Address = RequestContext.Get(AddressKey) as string,
    };
}
