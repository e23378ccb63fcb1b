namespace MdmOrleans.Gateway.Mqtt;

/// <summary>The protocol level of CONNECT; <see cref="None"/> until one was read.</summary>
internal enum MqttVersion : byte
{
    None = 0,
    V311 = 4,
    V5 = 5,
}
